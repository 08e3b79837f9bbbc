"""Builds the site: every script and style gets a name made from its content, so that it can be cached for a year.

    python site/build_site.py --api-url URL --sign-in-url URL --client-id ID --cities Vienna,Paris --out dist

Takes `src/` beside this file, knows only the standard library. `index.html` and `config.json` keep their names.
"""

import argparse
import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

SOURCES = Path(__file__).resolve().parent / "src"
NAMED_BY_CONTENT = {".js", ".css", ".svg"}
# What names another file of the site: import … from "./x.js" and import("./x.js") in a script, href="/x.css" and
# src="/x.js" in the page.
REFERENCE = re.compile(r"""(?P<before>(?:from|import)\s*\(?\s*"\./|(?:href|src)="/)(?P<name>[\w.-]+)(?=")""")


class BuildError(Exception):
    """The sources do not fit together; the text says where."""


def build(target: Path, config: Mapping[str, object]) -> list[Path]:
    """Writes the site into an empty `target` and gives its files. Raises BuildError."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(SOURCES.iterdir())}
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    names: dict[str, str] = {}
    for name in texts:
        _name(name, texts, names, ())
    written = [target / "config.json"]
    written[0].write_text(json.dumps(dict(config), indent=2) + "\n", encoding="utf-8")
    for name, text in texts.items():
        written.append(target / names[name])
        written[-1].write_text(_with_names(text, names), encoding="utf-8")
    return sorted(written)


def _name(name: str, texts: Mapping[str, str], names: dict[str, str], way: tuple[str, ...]) -> None:
    """Finds the built name of a file after those of the files that it names: their names are part of its content."""
    if name in names:
        return
    if name in way:
        raise BuildError(f"{' → '.join((*way, name))}: these files name each other in a circle.")
    for reference in REFERENCE.finditer(texts[name]):
        if reference["name"] not in texts:
            raise BuildError(f"{name} names {reference['name']}, and there is no such file in {SOURCES.name}.")
        _name(reference["name"], texts, names, (*way, name))
    path = Path(name)
    if path.suffix in NAMED_BY_CONTENT:
        digest = hashlib.sha256(_with_names(texts[name], names).encode()).hexdigest()[:12]
        names[name] = f"{path.stem}.{digest}{path.suffix}"
    else:
        names[name] = name


def _with_names(text: str, names: Mapping[str, str]) -> str:
    return REFERENCE.sub(lambda reference: reference["before"] + names[reference["name"]], text)


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description="Build the site.")
    options.add_argument("--api-url", required=True, help="output ApiUrl of the stack")
    options.add_argument("--sign-in-url", required=True, help="output SignInUrl of the stack")
    options.add_argument("--client-id", required=True, help="output AppClientId of the stack")
    options.add_argument("--cities", default="Vienna", help="cities to choose from, separated by commas")
    options.add_argument("--out", type=Path, default=Path("dist"), help="folder to write; what is in it goes")
    return options


def config_of(api_url: str, sign_in_url: str, client_id: str, cities: str) -> dict[str, object]:
    """What the page reads at its start."""
    return {"apiUrl": api_url, "signInUrl": sign_in_url, "clientId": client_id, "cities": cities.split(",")}


def main() -> None:
    given = parser().parse_args()
    try:
        config = config_of(given.api_url, given.sign_in_url, given.client_id, given.cities)
        files = build(given.out, config)
    except BuildError as error:
        raise SystemExit(f"error: {error}") from None
    for file in files:
        print(file)


if __name__ == "__main__":
    main()
