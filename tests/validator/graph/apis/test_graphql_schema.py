"""Root fields of a schema and the directives that hold for them."""

from hypothesis import given
from hypothesis import strategies as st

from validator.graph.apis.graphql_schema import Field, root_fields

NONE: frozenset[str] = frozenset()


def _key(root: str, name: str, *directives: str) -> Field:
    return Field(root, name, frozenset(directives))


def test_a_field_s_directive_replaces_its_type_s() -> None:
    schema = """
    type Mutation @aws_iam @aws_cognito_user_pools(cognito_groups: ["Admins"]) {
      sell(id: ID!, how: How = {a: 1}): Ticket
      open: Ticket @aws_api_key
    }
    """
    assert root_fields(schema) == (
        _key("Mutation", "sell", "aws_iam", "aws_cognito_user_pools"),
        _key("Mutation", "open", "aws_api_key"),
    )


def test_comments_and_descriptions_are_no_schema() -> None:
    schema = '''
    """type Mutation { ghost: ID @aws_api_key }"""
    type Query { # read: ID
      "list: all" list: [Ticket!]!
    }
    '''
    assert root_fields(schema) == (_key("Query", "list"),)


def test_renamed_roots_and_extensions() -> None:
    schema = """
    schema { query: Reads mutation: Writes }
    type Reads { one: ID }
    type Query { notARoot: ID }
    extend type Writes @aws_oidc { two: ID }
    type Other { three: ID }
    """
    assert root_fields(schema) == (_key("Query", "one"), _key("Mutation", "two", "aws_oidc"))


def test_other_directives_authorize_nothing() -> None:
    assert root_fields('type Query { a: ID @deprecated(reason: "x") @aws_lambda }') == (
        _key("Query", "a", "aws_lambda"),
    )
    assert root_fields("type Query @shareable { a: ID }") == (_key("Query", "a"),)


NAMES = st.from_regex(r"[a-z][a-zA-Z0-9]{0,6}", fullmatch=True)


@given(st.lists(NAMES, min_size=1, max_size=5, unique=True), st.booleans())
def test_every_field_is_found(names, with_arguments) -> None:
    arguments = "(id: ID!, more: [String!])" if with_arguments else ""
    schema = "type Mutation {\n" + "\n".join(f"{name}{arguments}: [ID!]!" for name in names) + "\n}"
    assert [field.name for field in root_fields(schema)] == names


@given(st.text(max_size=80))
def test_any_text_is_read_without_failure(text) -> None:
    assert isinstance(root_fields(text), tuple)


@given(st.text(alphabet='type Query{}()@:"#\n\\', max_size=60))
def test_broken_schemas_are_read_without_failure(text) -> None:
    assert isinstance(root_fields(text), tuple)
