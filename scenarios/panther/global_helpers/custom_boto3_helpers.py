"""Secrets of this organisation, read with a role that the detection engine may assume."""

import boto3

ROLE_ARN = "arn:aws:iam::444455556666:role/panther-secrets-access"
REGION = "us-east-1"


def get_aws_credentials():
    """Temporary credentials of the role that may read the secrets."""
    sts = boto3.client("sts")
    answer = sts.assume_role(RoleArn=ROLE_ARN, RoleSessionName="AssumeRoleSession1")
    return answer["Credentials"]


def get_stored_secret(credentials, secret_id):
    """Secrets Manager's whole answer; the text is in its SecretString."""
    secrets = boto3.client(
        "secretsmanager",
        region_name=REGION,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
    return secrets.get_secret_value(SecretId=secret_id)
