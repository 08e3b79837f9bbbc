"""A CDK application of several stacks, synthesised with aws-cdk-lib from npm, which is kept in the user's cache."""

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

CDK = "2.276.0"
CONSTRUCTS = "10.8.1"

APP = """\
const cdk = require('aws-cdk-lib');
const { aws_ec2: ec2, aws_rds: rds, aws_lambda: lambda, aws_s3: s3, aws_dynamodb: dynamodb } = cdk;

class Network extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
  }
}
class Data extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.db = new rds.DatabaseInstance(this, 'Db', {
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
      vpc: props.vpc,
      vpcSubnets: { subnetType: props.open ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS },
      publiclyAccessible: props.open,
    });
    this.files = new s3.Bucket(this, 'Files', { autoDeleteObjects: true, removalPolicy: cdk.RemovalPolicy.DESTROY });
  }
}
class Tables extends cdk.NestedStack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const partitionKey = { name: 'id', type: dynamodb.AttributeType.STRING };
    this.orders = new dynamodb.Table(this, 'Orders', { partitionKey });
    this.group = new ec2.SecurityGroup(this, 'Group', { vpc: props.vpc });
  }
}
class Service extends cdk.Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    const tables = new Tables(this, 'Tables', { vpc: props.vpc });
    const handler = new lambda.Function(this, 'Handler', {
      runtime: lambda.Runtime.PYTHON_3_12, handler: 'index.handler', code: lambda.Code.fromInline('x'),
      vpc: props.vpc, securityGroups: [tables.group], environment: { ORDERS: tables.orders.tableName },
    });
    tables.orders.grantReadWriteData(handler);
    props.files.grantRead(handler);
  }
}
class Shop extends cdk.Stage {
  constructor(scope, id, props) {
    super(scope, id, props);
    const network = new Network(this, 'Network');
    const data = new Data(this, 'Data', { vpc: network.vpc, open: props.open });
    new Service(this, 'Service', { vpc: network.vpc, files: data.files });
  }
}
for (const [way, context] of Object.entries(JSON.parse(process.env.WAYS))) {
  const app = new cdk.App({ outdir: `${way}/cdk.out`, context });
  const network = new Network(app, 'Network');
  const data = new Data(app, 'Data', { vpc: network.vpc, open: true });
  new Service(app, 'Service', { vpc: network.vpc, files: data.files });
  new Shop(app, 'Prod', { open: false, env: { account: '111122223333', region: 'eu-west-1' } });
  app.synth();
}
"""


class Unavailable(Exception):
    """What the machine lacks to synthesise; the text says what."""


def library() -> Path:
    """The folder of installed packages. Raises Unavailable without Node, npm or an index that can be reached."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Unavailable("Node.js with npm is not installed: the CDK application is not synthesised")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tierlens-tests"
    cache.mkdir(parents=True, exist_ok=True)
    place = cache / f"aws-cdk-lib-{CDK}"
    with (cache / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "complete").is_file():
            _install(place)
    return place / "node_modules"


def _install(place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    packages = {"aws-cdk-lib": CDK, "constructs": CONSTRUCTS}
    (place / "package.json").write_text(json.dumps({"private": True, "dependencies": packages}))
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode:
        raise Unavailable(f"npm cannot install aws-cdk-lib {CDK}: {done.stderr.strip().splitlines()[-1:]}")
    (place / "complete").touch()


def synthesise(folder: Path, ways: Mapping[str, Mapping[str, object]]) -> None:
    """Writes the application into a folder and synthesises it there once for each way, with the way's context.

    The cloud assemblies are ``WAY/cdk.out``. Raises Unavailable.
    """
    packages = library()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.js").write_text(APP)
    environment = {**os.environ, "NODE_PATH": str(packages), "WAYS": json.dumps(ways)}
    done = subprocess.run(
        ["node", "app.js"], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stderr
