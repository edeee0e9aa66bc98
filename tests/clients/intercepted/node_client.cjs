// Node's own fetch and https, for VirusTotal; where NODE_PATH has it, the AWS SDK for AWS. Prints what came of each.
"use strict";

const https = require("node:https");

const address = "https://www.virustotal.com/api/v3/ip_addresses/35.216.199.51";
const headers = { "x-apikey": process.env.VT_API_KEY };

function byHttps() {
  return new Promise((resolve, reject) => {
    https.get(address, { headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    }).on("error", reject);
  });
}

async function bySdk() {
  const sts = require("@aws-sdk/client-sts");
  const secretsmanager = require("@aws-sdk/client-secrets-manager");
  const { Credentials: made } = await new sts.STSClient({}).send(new sts.AssumeRoleCommand({
    RoleArn: "arn:aws:iam::444455556666:role/panther-secrets-access", RoleSessionName: "PantherDetections" }));
  const secret = await new secretsmanager.SecretsManagerClient({ credentials: {
    accessKeyId: made.AccessKeyId, secretAccessKey: made.SecretAccessKey, sessionToken: made.SessionToken } })
    .send(new secretsmanager.GetSecretValueCommand({ SecretId: "panther-secrets/virus-total" }));
  return secret.SecretString === process.env.VT_API_KEY;
}

async function main() {
  const report = await fetch(address, { headers });
  const elsewhere = await fetch("https://api.github.com/");
  const out = {
    fetch: report.status,
    id: (await report.json()).data.id,
    https: await byHttps(),
    elsewhere: [elsewhere.status, await elsewhere.text()],
  };
  if (process.argv.includes("--sdk")) out.sdk = await bySdk();
  console.log(JSON.stringify(out));
}

main();
