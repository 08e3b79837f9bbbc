import json

from validator.discover import Skipped, discover
from validator.discover.serverless_output import Service, service_of
from validator.review import ReviewRequest, review

UPDATE = "cloudformation-template-update-stack.json"
CREATE = "cloudformation-template-create-stack.json"
TEMPLATE = json.dumps({"Resources": {"A": {"Type": "AWS::S3::Bucket"}}})


def packaged(folder, state=None, *templates):
    folder.mkdir(parents=True)
    for name in templates:
        (folder / name).write_text(TEMPLATE)
    if state is not None:
        (folder / "serverless-state.json").write_text(state if isinstance(state, str) else json.dumps(state))
    return folder


def test_the_stack_is_named_as_the_framework_names_it(tmp_path):
    state = {"service": {"service": "shop", "provider": {"stage": "dev", "region": "eu-west-1"}}}
    assert service_of(packaged(tmp_path / "a", state)) == Service("shop-dev", "eu-west-1", {})
    state["service"]["provider"]["stackName"] = "own-name"
    assert service_of(packaged(tmp_path / "b", state)).stack_name == "own-name"


def test_what_is_left_open_or_wrong_names_nothing(tmp_path):
    for number, state in enumerate(
        [
            None,
            "{",
            "[" * 100_000,
            [],
            {"service": 7},
            {"service": {"service": "s", "provider": {"stage": "${opt:s}"}}},
        ]
    ):
        assert service_of(packaged(tmp_path / str(number), state)) == Service()


def test_templates_of_split_stacks_are_known_by_their_file_names(tmp_path):
    folder = packaged(tmp_path / ".serverless", None, UPDATE, CREATE, "cloudformation-template-APINestedStack.json")
    part = "cloudformation-template-APINestedStack.json"
    assert dict(service_of(folder).templates) == {part: folder / part}
    (folder / "cloudformation-template-Out.json").symlink_to(tmp_path / "x.json")
    assert dict(service_of(folder).templates) == {part: folder / part}


def test_the_update_template_is_taken_and_the_first_one_skipped_with_the_reason(tmp_path):
    packaged(tmp_path / ".serverless", None, UPDATE, CREATE)
    found = discover([str(tmp_path)], tmp_path)
    assert [file.display_path for file in found.files] == [f".serverless/{UPDATE}"]
    assert found.skipped == (Skipped(f".serverless/{CREATE}", f"it only makes a bucket: the service is {UPDATE}"),)


def test_a_split_service_is_judged_as_one_stack_with_its_name(tmp_path):
    part = "cloudformation-template-ApiNestedStack.json"
    url = f"https://s3.eu-west-1.amazonaws.com/bucket/serverless/shop/dev/1-2/{part}"
    nesting = {
        "Resources": {"ApiNestedStack": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url}}}
    }
    state = {"service": {"service": "shop", "provider": {"stage": "dev", "region": "eu-west-1"}}}
    folder = packaged(tmp_path / ".serverless", state, UPDATE, CREATE, part)
    (folder / UPDATE).write_text(json.dumps(nesting))
    result = review(ReviewRequest((str(tmp_path),), tmp_path, root_is_given=True))
    assert not result.incomplete
    assert {(one.stack, one.span.path) for one in result.findings} == {
        ("shop-dev/ApiNestedStack", f".serverless/{part}")
    }
