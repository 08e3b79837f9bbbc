"""The words of the picture, by language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class PictureTexts:
    """Everything the picture says that does not come from a template. Braces name what is filled in."""

    internet: str
    presentation: str
    logic: str
    data: str
    support: str
    the_internet: str
    anyone_with_credentials: str
    signed_in_user: str
    vpc: str
    outside_vpc: str
    subnet: str
    subnets: str
    public: str
    private: str
    undecided: str
    stack: str
    many: str
    resources: str
    parts: str
    finding: str
    findings: str
    protected_by: str
    when: str
    also: str
    calls: str
    permission: str
    authorization: str
    reference: str
    broken: str
    waf: str
    authorizer: str
    key: str
    group: str
    description: str
    nothing: str
    alternative: str
    relations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The relations of edges, where they are not said in English."""


ENGLISH: Final = PictureTexts(
    internet="Internet",
    presentation="Presentation tier",
    logic="Logic tier",
    data="Data tier",
    support="Support",
    the_internet="the Internet",
    anyone_with_credentials="anyone with AWS credentials",
    signed_in_user="any signed-in user",
    vpc="VPC {name}",
    outside_vpc="VPC from outside the templates",
    subnet="{exposure} subnet",
    subnets="{exposure} subnets",
    public="public",
    private="private",
    undecided="public or private?",
    stack="Stack {name}",
    many="{count} × {name}",
    resources="{count} resources",
    parts="with {count} parts: {names}",
    finding="finding {numbers}",
    findings="findings {numbers}",
    protected_by="guarded by {names}",
    when="when {conditions}",
    also="and {count} more",
    calls="calls or sends to",
    permission="has permission to use",
    authorization="is authorised by",
    reference="refers to",
    broken="path of a finding, with its number",
    waf="web ACL",
    authorizer="authorization",
    key="customer managed key",
    group="several resources alike",
    description="Architecture of {title}: {count} resources; {drawn} are drawn, the others are their parts.",
    nothing="There is nothing to draw.",
    alternative="Architecture of {title}",
)

FRENCH: Final = PictureTexts(
    internet="Internet",
    presentation="Niveau présentation",
    logic="Niveau logique",
    data="Niveau données",
    support="Support",
    the_internet="Internet",
    anyone_with_credentials="quiconque a des identifiants AWS",
    signed_in_user="tout utilisateur connecté",
    vpc="VPC {name}",
    outside_vpc="VPC extérieur aux modèles",
    subnet="sous-réseau {exposure}",
    subnets="sous-réseaux, accès {exposure}",
    public="public",
    private="privé",
    undecided="public ou privé ?",
    stack="Pile {name}",
    many="{count} × {name}",
    resources="{count} ressources",
    parts="avec {count} éléments : {names}",
    finding="constat {numbers}",
    findings="constats {numbers}",
    protected_by="protégé par {names}",
    when="si {conditions}",
    also="et {count} de plus",
    calls="appelle ou envoie à",
    permission="a le droit d’utiliser",
    authorization="est autorisé par",
    reference="fait référence à",
    broken="chemin d’un constat, avec son numéro",
    waf="ACL web",
    authorizer="autorisation",
    key="clé gérée par le client",
    group="plusieurs ressources semblables",
    description="Architecture de {title} : {count} ressources, {drawn} dessinées, les autres en sont des éléments.",
    nothing="Il n’y a rien à dessiner.",
    alternative="Architecture de {title}",
    relations=MappingProxyType(
        {
            "routes to": "achemine vers",
            "invokes": "appelle",
            "is authorised by": "est autorisé par",
            "assumes": "endosse",
            "may use": "peut utiliser",
            "holds the secret of": "détient le secret de",
            "publishes to": "publie vers",
            "consumes from": "consomme depuis",
            "is encrypted by": "est chiffré par",
            "talks to": "communique avec",
            "refers to": "fait référence à",
        }
    ),
)

_BY_LANGUAGE: Final = MappingProxyType({"en": ENGLISH, "fr": FRENCH})


def picture_texts(language: str) -> PictureTexts:
    """The words of a language; English for one that the picture does not have."""
    return _BY_LANGUAGE.get(language, ENGLISH)
