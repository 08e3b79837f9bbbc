"""Where the files of a project can be read on the web, as the pipeline that runs us says."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote


def link_base(environment: Mapping[str, str], root: Path) -> str:
    """The address before the paths of links in a report, or an empty text outside of a pipeline.

    GitHub Actions (*Default environment variables*) and GitLab CI (*Predefined variables*) name the server,
    the repository and the commit. ``root`` is the folder that paths are relative to; where it lies below the
    checkout, its way from there belongs to the address.
    """
    if environment.get("GITHUB_ACTIONS") == "true":
        parts = [environment.get(name, "") for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")]
        checkout, between = environment.get("GITHUB_WORKSPACE", ""), "blob"
    elif environment.get("GITLAB_CI") == "true":
        parts = [environment.get("CI_PROJECT_URL", ""), environment.get("CI_COMMIT_SHA", "")]
        checkout, between = environment.get("CI_PROJECT_DIR", ""), "-/blob"
    else:
        return ""
    *project, commit = parts
    if not all(parts) or not project[0].startswith(("https://", "http://")):
        return ""
    return "/".join(["/".join(project), between, quote(commit), *_way_from(checkout, root)])


def _way_from(checkout: str, root: Path) -> list[str]:
    if not checkout:
        return []
    try:
        way = root.resolve().relative_to(Path(checkout).resolve())
    except ValueError:
        return []
    return [quote(part) for part in way.parts]
