"""The container files fit the house: what compose sets is read, what the house needs is set, everything has a pulse."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.celery import LANES

HOME = Path(__file__).resolve().parents[2]
FOREIGN = {"FORWARDED_ALLOW_IPS", "WEB_PROCESSES", "WORKER_PROCESSES"}  # read by the server and by deploy/entry
OURS = ("web", "worker", "peers", "night", "beat", "metrics", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HOME / "docker-compose.yml").read_text())
    return loaded


def test_all_services_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"proxy", "postgres", "redis", *OURS}


def test_some_worker_is_woken_for_every_lane() -> None:
    doors = (HOME / "deploy" / "entry").read_text()
    assert {lane for said in re.findall(r"-Q ([\w,]+)", doors) for lane in said.split(",")} == set(LANES)


def test_everything_that_stays_up_has_a_pulse_and_a_restart(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        if name != "migrate":
            assert service["healthcheck"]["test"], name
            assert service["restart"] == "unless-stopped", name


def test_the_names_compose_sets_are_read_by_the_house(compose: dict[str, Any]) -> None:
    sources = "".join((HOME / "config" / name).read_text() for name in ("settings.py", "env.py", "metrics.py"))
    for name in OURS:
        for variable in set(compose["services"][name]["environment"]) - FOREIGN:
            assert f'"{variable.removesuffix("_FILE")}"' in sources, (name, variable)


def test_everything_production_needs_is_set(compose: dict[str, Any]) -> None:
    needed = {"SECRET_KEY", "SEALING_KEYS", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "SITE_URL", "BEHIND_PROXY"}
    for name in OURS:
        environment = {key.removesuffix("_FILE") for key in compose["services"][name]["environment"]}
        assert needed <= environment, name
        assert "DEMO" not in environment


def test_secrets_come_as_files_that_are_granted_and_made(compose: dict[str, Any]) -> None:
    maker = (HOME / "deploy" / "secrets").read_text()
    for name, service in compose["services"].items():
        environment = service.get("environment", {})
        files = {value for key, value in environment.items() if key.endswith("_FILE")}
        assert files <= {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}, name
        assert not {key for key in environment if re.search("PASSWORD$|SECRET_KEY$|SEALING_KEYS$", key)}, name
    for secret in compose["secrets"]:
        assert f"keep {secret} " in maker


def test_only_the_proxy_faces_the_world(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]
    for name in ("postgres", "redis", "night", "beat", "metrics"):
        networks = compose["services"][name]["networks"]
        assert all(compose["networks"][network]["internal"] for network in networks), name


def test_the_web_server_believes_the_proxy_only(compose: dict[str, Any]) -> None:
    address = compose["services"]["proxy"]["networks"]["front"]["ipv4_address"]
    assert compose["services"]["web"]["environment"]["FORWARDED_ALLOW_IPS"] == address


def test_redis_never_throws_away_what_it_counts(compose: dict[str, Any]) -> None:
    assert "maxmemory-policy noeviction" in str(compose["services"]["redis"]["command"])


def test_data_survives_the_containers(compose: dict[str, Any]) -> None:
    assert "database:/var/lib/postgresql" in compose["services"]["postgres"]["volumes"]
    assert {"database", "certificates"} <= set(compose["volumes"])


def test_what_compose_asks_the_operator_stands_in_the_example(compose: dict[str, Any]) -> None:
    asked = set(re.findall(r"\$\{(\w+)", (HOME / "docker-compose.yml").read_text()))
    assert asked <= set(re.findall(r"^#? ?(\w+)=", (HOME / ".env.example").read_text(), re.MULTILINE))


def test_the_image_runs_as_nobody_special() -> None:
    lines = (HOME / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER")] == ["USER leumund"]
    assert 'ENTRYPOINT ["/house/deploy/entry"]' in lines


def test_every_command_of_compose_is_a_door_of_the_image(compose: dict[str, Any]) -> None:
    doors = set(re.findall(r"^    (\w+)\)", (HOME / "deploy" / "entry").read_text(), re.MULTILINE))
    for name in OURS:
        assert compose["services"][name]["command"] == [name]
        assert name in doors


def test_an_unknown_door_is_refused() -> None:
    refused = subprocess.run([HOME / "deploy" / "entry", "sh"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "web, worker" in refused.stderr


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    place = tmp_path / "deploy"
    place.mkdir()
    (place / "secrets").write_text((HOME / "deploy" / "secrets").read_text())
    subprocess.run(["bash", place / "secrets"], check=True)
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run(["bash", place / "secrets"], check=True)
    assert first == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert first["postgres_password"] in first["database_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
