"""The components of patterns with a site: files, distribution, access control, certificate."""

from validator.graph.architecture import Architecture
from validator.graph.buckets.sites import Door, door_of
from validator.graph.buckets.usage import bucket_origins
from validator.graph.patterns.signs import AMPLIFY, FrontEnd
from validator.graph.patterns.table import Component, absent, open_, present, shown
from validator.graph.resource import Resource


def static_front_end(fronts: tuple[FrontEnd, ...]) -> Component:
    """An Amplify app, or a distribution with a bucket behind it."""
    name = "static front end"
    resources = tuple(one for front in fronts for one in (front.resource, front.bucket) if one is not None)
    if not resources:
        return absent(name, "nothing gives people a site", "Add an AWS::Amplify::App, or CloudFront before a bucket.")
    how = "Amplify" if any(one.type == AMPLIFY for one in resources) else "CloudFront"
    return present(name, f"{shown(resources)} ({how})", resources)


def site_bucket(fronts: tuple[FrontEnd, ...]) -> Component:
    """The bucket with the site's files; one outside the run is taken at its name."""
    name = "site bucket"
    buckets = tuple(front.bucket for front in fronts if front.bucket is not None)
    if buckets:
        return present(name, f"{shown(buckets)} holds the site's files", buckets)
    return present(name, f"{fronts[0].named}, which is not in the run", (fronts[0].resource,))


def distribution(fronts: tuple[FrontEnd, ...]) -> Component:
    """The distribution before the site's bucket."""
    found = tuple(front.resource for front in fronts if front.resource.type != AMPLIFY)
    return present("CloudFront distribution", f"{shown(found)} serves the site", found)


def access_control(graph: Architecture, fronts: tuple[FrontEnd, ...]) -> Component:
    """The distribution alone may read the bucket."""
    name, resources = "origin access control", [front.resource for front in fronts if front.resource.type != AMPLIFY]
    for resource in resources:
        for origin in bucket_origins(resource, graph):
            door, missing = door_of(origin, graph)
            if door is Door.UNKNOWN and missing is not None:
                return open_(name, missing.what, (missing,))
            if door is not Door.CONTROLLED:
                how = "Name an AWS::CloudFront::OriginAccessControl in OriginAccessControlId of the origin."
                return absent(name, f"{resource.name} reaches {origin.name} {door.value}", how)
    return present(name, f"{shown(tuple(resources))} signs its requests to the bucket", tuple(resources))


def certificate(graph: Architecture, fronts: tuple[FrontEnd, ...]) -> Component:
    """A certificate of the site's own name."""
    name = "certificate"
    for front in fronts:
        viewer = front.resource.prop("DistributionConfig", "ViewerCertificate")
        value = viewer.get("AcmCertificateArn")
        target = graph.target(value, "AWS::CertificateManager::Certificate")
        if isinstance(target, Resource):
            return present(name, f"{front.resource.name} shows {target.name}", (front.resource, target))
        if not value.is_absent or not viewer.get("IamCertificateId").is_absent:
            return present(name, f"{front.resource.name} names a certificate", (front.resource,))
        if viewer.missing is not None:
            return open_(name, viewer.missing.what, (viewer.missing,))
    how = "Name the site's domain in Aliases and its certificate in ViewerCertificate.AcmCertificateArn."
    return absent(name, f"{shown(tuple(f.resource for f in fronts))} has no certificate of its own name", how)
