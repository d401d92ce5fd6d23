"""The demonstration's guide, and that nothing of it exists anywhere else."""

import pytest
import yaml
from django.conf import settings
from factories.prize import make_person

from prize import demo
from prize.models import Edition

GUIDE = yaml.safe_load((settings.BASE_DIR / "prize" / "demo_texts" / "guide.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def demonstration(edition) -> Edition:
    Edition.objects.filter(pk=edition.pk).update(is_demonstration=True)
    return edition


@pytest.fixture
def judge(db):
    return make_person("Judge", email="judge@demo.example", is_fictional=True)


def test_the_guide_names_every_printed_account_and_something_to_try_at_every_stage():
    assert {f"{part['account']}@demo.example" for part in GUIDE["people"]} == set(demo.ACCOUNTS)
    stages = {stage for stage in demo.TODAY if stage} | {"aftercare"}
    assert set(GUIDE["stages"]) == stages
    for part in GUIDE["people"]:
        for one in part["tries"]:
            assert {"en", "ko"} <= set(one)
            assert set(one.get("during", [])) <= stages
        assert {stage for one in part["tries"] for stage in one.get("during", stages)} == stages, part["account"]


def test_a_visitor_becomes_the_judge_with_one_press(client, demonstration, judge, settings):
    settings.EMBEDDED = True
    page = client.get("/guide/")
    assert "Sign in as Judge" in page.text
    answer = client.post("/guide/judge/entrance/")
    assert answer.url == "/desk/"
    assert "Good day, Judge" in client.get("/desk/").text


def test_following_a_link_signs_nobody_in(client, demonstration, judge, settings):
    settings.EMBEDDED = True
    assert client.get("/guide/judge/entrance/").status_code == 405
    assert "_auth_user_id" not in client.session


def test_a_real_edition_has_no_guide(client, edition, judge, settings):
    settings.EMBEDDED = True
    assert client.get("/guide/").status_code == 404
    assert client.post("/guide/judge/entrance/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_service_lets_nobody_in_without_a_password(client, demonstration, judge, settings):
    settings.EMBEDDED = False
    assert "Sign in as" not in client.get("/guide/").text
    assert client.post("/guide/judge/entrance/").status_code == 404
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["zoe@demo.example", "judge@demo.example"])
def test_no_real_person_and_nobody_else_can_be_entered(client, demonstration, settings, email):
    settings.EMBEDDED = True
    make_person("Real", email=email)
    assert client.post(f"/guide/{email.partition('@')[0]}/entrance/").status_code == 404
    assert "_auth_user_id" not in client.session
