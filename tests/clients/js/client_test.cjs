// The AWS SDK for JavaScript against `rushhour serve --admin-key`; js_test.py starts both. What the fakes send must
// become the classes and values that the SDK promises.
"use strict";

const assert = require("node:assert/strict");
const { test } = require("node:test");
const sts = require("@aws-sdk/client-sts");
const secretsmanager = require("@aws-sdk/client-secrets-manager");

const { url, region, administrator, stranger, role_arn: roleArn, secret_id: secretId, engine, functions } =
  JSON.parse(process.env.RUSHHOUR_SERVED);

function client(Client, credentials, options = {}) {
  return new Client({ endpoint: url, region, credentials, maxAttempts: 3, ...options });
}
const credentialsOf = (made) => ({
  accessKeyId: made.AccessKeyId,
  secretAccessKey: made.SecretAccessKey,
  sessionToken: made.SessionToken,
});

/** The calls that reached the services since `from`. */
async function journal(from = 0) {
  const answer = await fetch(`${url}/_rushhour/journal?limit=10000`);
  return (await answer.json()).calls.slice(from);
}

test("a role is assumed and its secret read", async () => {
  const assumed = await client(sts.STSClient, engine).send(
    new sts.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "js" }));
  assert.match(assumed.Credentials.AccessKeyId, /^ASIA[A-Z2-7]{16}$/);
  assert.ok(assumed.Credentials.Expiration instanceof Date);
  const secrets = client(secretsmanager.SecretsManagerClient, credentialsOf(assumed.Credentials));
  const value = await secrets.send(new secretsmanager.GetSecretValueCommand({ SecretId: secretId }));
  assert.equal(value.SecretString.length, 64);
  assert.deepEqual(value.VersionStages, ["AWSCURRENT"]);
  assert.ok(value.CreatedDate instanceof Date);
});

test("errors are of the SDK's classes", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  await assert.rejects(secrets.send(new secretsmanager.GetSecretValueCommand({ SecretId: "nothing" })), (error) => {
    assert.ok(error instanceof secretsmanager.ResourceNotFoundException);
    assert.equal(error.message, "Secrets Manager can't find the specified secret.");
    assert.equal(error.$metadata.httpStatusCode, 400);
    return true;
  });
  await assert.rejects(
    client(sts.STSClient, stranger).send(new sts.AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "js" })),
    (error) => error.name === "AccessDenied" && error.$metadata.httpStatusCode === 403);
  await assert.rejects(
    client(sts.STSClient, { accessKeyId: "AKIAIOSFODNN7NOTTHERE", secretAccessKey: "x" }).send(
      new sts.GetCallerIdentityCommand({})),
    (error) => error.name === "InvalidClientTokenId");
  await assert.rejects(
    secrets.send(new secretsmanager.CreateSecretCommand({ Name: "a name", SecretString: "x" })),
    (error) => error.name === "ValidationException" && error.message.startsWith("Invalid name."));
});

test("a secret from birth to death", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  const made = await secrets.send(new secretsmanager.CreateSecretCommand({ Name: "js/db", SecretString: "one" }));
  assert.match(made.ARN, /:secret:js\/db-[A-Za-z0-9]{6}$/);
  await secrets.send(new secretsmanager.UpdateSecretCommand({ SecretId: "js/db", SecretBinary: Buffer.from([0, 255]) }));
  const value = await secrets.send(new secretsmanager.GetSecretValueCommand({ SecretId: made.ARN }));
  assert.deepEqual([...value.SecretBinary], [0, 255]);
  const deleted = await secrets.send(
    new secretsmanager.DeleteSecretCommand({ SecretId: "js/db", RecoveryWindowInDays: 7 }));
  assert.ok(deleted.DeletionDate instanceof Date);
  await assert.rejects(
    secrets.send(new secretsmanager.PutSecretValueCommand({ SecretId: "js/db", SecretString: "two" })),
    secretsmanager.InvalidRequestException);
  await secrets.send(new secretsmanager.RestoreSecretCommand({ SecretId: "js/db" }));
  await secrets.send(
    new secretsmanager.DeleteSecretCommand({ SecretId: "js/db", ForceDeleteWithoutRecovery: true }));
});

test("a rotation moves the labels", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  const made = await secrets.send(new secretsmanager.CreateSecretCommand(
    { Name: "js/turns", SecretString: JSON.stringify({ username: "app", password: "old" }) }));
  const rotated = await secrets.send(new secretsmanager.RotateSecretCommand(
    { SecretId: "js/turns", RotationLambdaARN: functions["new-password"], RotationRules: { AutomaticallyAfterDays: 30 } }));
  const about = await secrets.send(new secretsmanager.DescribeSecretCommand({ SecretId: "js/turns" }));
  assert.deepEqual(about.VersionIdsToStages,
    { [made.VersionId]: ["AWSPREVIOUS"], [rotated.VersionId]: ["AWSCURRENT", "AWSPENDING"] });
  assert.ok(about.LastRotatedDate instanceof Date && about.NextRotationDate > about.LastRotatedDate);
  const value = await secrets.send(new secretsmanager.GetSecretValueCommand({ SecretId: "js/turns" }));
  assert.equal(JSON.parse(value.SecretString).username, "app");
  assert.equal(JSON.parse(value.SecretString).password.length, 24);
});

test("a rotation that fails leaves AWSPENDING", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  const made = await secrets.send(new secretsmanager.CreateSecretCommand({ Name: "js/sticks", SecretString: "old" }));
  const rotate = () => secrets.send(new secretsmanager.RotateSecretCommand(
    { SecretId: "js/sticks", RotationLambdaARN: functions["fails-once"] }));
  const rotated = await rotate();
  const about = await secrets.send(new secretsmanager.DescribeSecretCommand({ SecretId: "js/sticks" }));
  assert.deepEqual(about.VersionIdsToStages,
    { [made.VersionId]: ["AWSCURRENT"], [rotated.VersionId]: ["AWSPENDING"] });
  await assert.rejects(rotate(), (error) => error instanceof secretsmanager.InvalidRequestException &&
    error.message === "A previous rotation isn't complete. That rotation will be reattempted.");
});

test("a batch has a value or an error for each secret", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  await secrets.send(new secretsmanager.CreateSecretCommand({ Name: "batch/one", SecretString: "1" }));
  const batch = await secrets.send(
    new secretsmanager.BatchGetSecretValueCommand({ SecretIdList: ["batch/one", "batch/none"] }));
  assert.deepEqual(batch.SecretValues.map((each) => [each.Name, each.SecretString]), [["batch/one", "1"]]);
  assert.deepEqual(batch.Errors.map((each) => [each.SecretId, each.ErrorCode]),
    [["batch/none", "ResourceNotFoundException"]]);
});

test("a paginator sees each secret once", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  for (let i = 0; i < 7; ++i) {
    await secrets.send(new secretsmanager.CreateSecretCommand({ Name: `paged/${i}`, SecretString: "x" }));
  }
  const names = [];
  const pages = secretsmanager.paginateListSecrets(
    { client: secrets, pageSize: 3 }, { Filters: [{ Key: "name", Values: ["paged/"] }], SortOrder: "asc" });
  for await (const page of pages) names.push(...page.SecretList.map((each) => each.Name));
  assert.deepEqual(names, [0, 1, 2, 3, 4, 5, 6].map((i) => `paged/${i}`));
});

test("the newest members of AssumeRole are answered", async () => {
  const assumed = await client(sts.STSClient, engine).send(new sts.AssumeRoleCommand(
    { RoleArn: roleArn, RoleSessionName: "js", MinimumSessionTokenSize: 2048 }));
  if (assumed.SessionTokenSize !== undefined) {
    assert.equal(assumed.SessionTokenSize, assumed.Credentials.SessionToken.length);
  }
});

test("one throttled call is three requests", async () => {
  const secrets = client(secretsmanager.SecretsManagerClient, administrator);
  const once = client(secretsmanager.SecretsManagerClient, administrator, { maxAttempts: 1 });
  const ask = new secretsmanager.GetRandomPasswordCommand({});
  for (;;) {  // the clock stands still, so the bucket is never refilled
    try {
      await once.send(ask);
    } catch (error) {
      assert.equal(error.name, "ThrottlingException");
      assert.equal(error.message, "Rate exceeded");
      break;
    }
  }
  const before = (await journal()).length;
  await assert.rejects(secrets.send(ask), (error) => error.$metadata.attempts === 3);
  assert.equal((await journal(before)).length, 3);
});
