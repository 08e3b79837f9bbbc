"""Publishes the site of a deployed stack: reads its outputs, builds, uploads, tells the distribution.

    python site/publish.py --stack-name web-app --cities Vienna,Paris

Needs boto3 and rights to read the stack, write its bucket and invalidate its distribution.
"""

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
from build_site import build, config_of

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
NAMED_BY_CONTENT = "public, max-age=31536000, immutable"
ASKED_AGAIN = "no-cache"


def publish(stack_name: str, cities: str, region: str) -> list[str]:
    """The keys that were written, the page last: whoever loads it finds all that it names."""
    outputs = outputs_of(boto3.client("cloudformation", region_name=region), stack_name)
    config = config_of(outputs["ApiUrl"], outputs["SignInUrl"], outputs["AppClientId"], cities)
    bucket = boto3.client("s3", region_name=region)
    with TemporaryDirectory() as folder:
        files = sorted(build(Path(folder) / "dist", config), key=lambda file: file.name == "index.html")
        for file in files:
            bucket.put_object(
                Bucket=outputs["SiteBucketName"],
                Key=file.name,
                Body=file.read_bytes(),
                ContentType=CONTENT_TYPES[file.suffix],
                CacheControl=NAMED_BY_CONTENT if file.suffix in {".js", ".css", ".svg"} else ASKED_AGAIN,
            )
    boto3.client("cloudfront", region_name=region).create_invalidation(
        DistributionId=outputs["DistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 3, "Items": ["/", "/index.html", "/config.json"]},
            "CallerReference": str(time.time_ns()),
        },
    )
    return [file.name for file in files]


def outputs_of(cloudformation: Any, stack_name: str) -> dict[str, str]:
    [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def main() -> None:
    options = argparse.ArgumentParser(description="Publish the site of a deployed stack.")
    options.add_argument("--stack-name", default="web-app")
    options.add_argument("--cities", default="Vienna", help="cities to choose from, separated by commas")
    options.add_argument("--region", default="us-east-1")
    given = options.parse_args()
    for key in publish(given.stack_name, given.cities, given.region):
        print(key)


if __name__ == "__main__":
    main()
