"""Global helper: reads a secret of our own AWS account from within a detection."""

import boto3

# The role that the detection engine may assume. Its trust policy names the engine's role and the unit tests' role.
ROLE_ARN = "arn:aws:iam::444455556666:role/panther-secrets-access"
REGION = "us-east-1"


def get_credentials():
    """Temporary credentials of the role above."""
    assumed_role = boto3.client("sts").assume_role(
        RoleArn=ROLE_ARN, RoleSessionName="PantherDetections"
    )
    return assumed_role["Credentials"]


def get_stored_secret(credentials, name):
    """The answer of Secrets Manager; the secret itself is its SecretString."""
    secrets_manager = boto3.client(
        "secretsmanager",
        region_name=REGION,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    return secrets_manager.get_secret_value(SecretId=name)
