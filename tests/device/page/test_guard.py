import re

import pytest

BASE = "http://127.0.0.1:8080"
CLOSED = (
    *("/stream", "/live.jpg", "/music/piece-1.wav", "/moods/cards", "/setup/spotify"),
    *("/spotify/cover/piece-1", "/spotify/link/qr.svg", "/pieces/list", f"/pieces/{'0' * 16}.flac"),
)
PAGES = ("/", "/moods", "/pieces", "/setup")
SPOTIFY = (
    ("/spotify/link/step", {"step": 2}),
    ("/spotify/link/begin", {"client_id": "0123456789abcdef0123456789abcdef"}),
    ("/spotify/link/allow", {"feature": "like"}),
    ("/spotify/link/finish", {"pasted": "code=a&state=b"}),
    ("/spotify/link/cancel", {}),
    ("/spotify/link/door", {"open": True}),
    ("/spotify/disconnect", {"forget_client_id": False}),
    ("/spotify/language", {"language": "de"}),
    ("/spotify/market", {"market": "DE"}),
    ("/spotify/speakers", {}),
    ("/spotify/speaker", {"kind": "soloist", "id": "", "name": "Kitchen"}),
    ("/spotify/speaker/later", {}),
    ("/spotify/ceiling", {"ceiling": 0.5}),
    ("/spotify/library", {"again": False}),
    ("/spotify/search", {"words": "sun"}),
    ("/spotify/look-up", {"link": "x"}),
    ("/spotify/suggestions", {}),
    ("/spotify/choose", {"label": "happy", "uris": []}),
    ("/spotify/forbid", {"label": "happy", "uri": "spotify:track:0000000000000000000001"}),
    ("/spotify/allow", {"label": "happy", "uri": "spotify:track:0000000000000000000001"}),
    ("/spotify/make", {"label": "happy"}),
    ("/spotify/refresh", {}),
    ("/spotify/like", {"uri": "spotify:track:0000000000000000000001", "liked": True}),
)
CHANGES = (
    ("/press", {"gesture": "short"}),
    ("/touch", {"down": True}),
    ("/choose/strategy", {"strategy": "lift"}),
    ("/choose/watching", {"watching": "always"}),
    ("/choose/mood", {"label": "sad"}),
    ("/choose/volume", {"volume": 0.1}),
    ("/choose/pause", {"paused": True}),
    ("/camera", {"camera": "browser"}),
    (f"/pieces/{'0' * 16}/like", {"liked": True}),
    (f"/pieces/{'0' * 16}/play", {}),
    (f"/pieces/{'0' * 16}/delete", {"sure": True}),
    *SPOTIFY,
)


@pytest.mark.parametrize("path", PAGES)
def test_page_carries_every_protecting_header(stranger, path):
    answer = stranger.get(path, base_url=BASE)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == ("same-origin" if path == "/pieces" else "no-referrer")
    assert answer.headers["Cache-Control"] == "no-store"


def test_refusals_carry_the_same_headers(stranger):
    answer = stranger.get("/nothing", base_url=BASE)
    assert answer.status_code == 404
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_page_needs_no_inline_script_or_style(visitor, linked, path):
    page = visitor.get(path).text
    assert "style=" not in page
    assert "<style" not in page
    assert " onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/')


@pytest.mark.parametrize("path", PAGES)
def test_page_loads_nothing_from_outside(visitor, desk, linked, path):
    desk.play_song()
    loaded = re.findall(r'<(?:link|script|img|audio|iframe|use)[^>]*?(?:src|href)="([^"]+)"', visitor.get(path).text)
    assert len(loaded) > 5
    assert [each for each in loaded if not each.startswith("/") or each.startswith("//")] == []


@pytest.mark.parametrize("path", PAGES)
def test_link_to_elsewhere_opens_a_new_tab_that_learns_nothing(visitor, desk, linked, path):
    desk.play_song()
    for link in re.findall(r"<a [^>]*http[^>]*>", visitor.get(path).text):
        assert 'target="_blank" rel="noopener noreferrer"' in link


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080"])
def test_own_names_are_answered(stranger, host):
    assert stranger.get("/", base_url=f"http://{host}", environ_overrides={"SERVER_PORT": "8080"}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8080",
        "127.0.0.1",
        "127.0.0.1:9999",
        "127.0.0.1.evil.example:8080",
        "evil.example#127.0.0.1:8080",
        "user@127.0.0.1:8080x",
        "0.0.0.0:8080",
        "[::1",
        "127.0.0.1:port",
        "",
    ],
)
@pytest.mark.parametrize("path", ["/", "/stream", "/nothing"])
def test_foreign_host_is_refused_in_one_sentence(stranger, host, path):
    answer = stranger.get(path, environ_overrides={"HTTP_HOST": host, "SERVER_PORT": "8080"})
    assert answer.status_code == 400
    assert answer.json["error"].startswith("This box answers only to 127.0.0.1, localhost, [::1] with port 8080")


def test_static_files_are_closed_to_foreign_hosts_too(stranger, app):
    path = f"{app.static_url_path}/main.js"
    assert stranger.get(path, environ_overrides={"HTTP_HOST": "evil.example"}).status_code == 400


def test_static_files_may_be_kept_for_long_because_their_address_has_a_version(stranger, app):
    answer = stranger.get(f"{app.static_url_path}/main.js", base_url=BASE)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


@pytest.mark.parametrize("path", CLOSED)
def test_every_live_route_is_closed_without_a_session(stranger, path):
    answer = stranger.get(path, base_url=BASE)
    assert answer.status_code == 403
    assert "load it once more" in answer.json["error"]


def test_every_route_but_the_page_and_its_files_is_closed(app, stranger):
    opened = {rule.endpoint for rule in app.url_map.iter_rules()} - {
        *("static", "now.show", "moods.show", "pieces.show", "setup.show")
    }
    assert len(opened) == len(CLOSED) + len(CHANGES) + 1  # and the frame, below: a new route must be added here
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in opened:
            continue
        path = rule.rule.replace("<key>", "piece-1").replace("<piece:key>", "0" * 16).replace("<form:form>", "flac")
        method = "POST" if "POST" in rule.methods else "GET"
        assert stranger.open(path, method=method, base_url=BASE).status_code == 403, rule


@pytest.mark.parametrize(("path", "choice"), CHANGES)
def test_change_without_session_is_refused(stranger, desk, path, choice):
    assert stranger.post(path, json=choice, base_url=BASE).status_code == 403
    assert desk.events == []


@pytest.mark.parametrize(("path", "choice"), CHANGES)
def test_change_without_token_is_refused(visitor, desk, path, choice):
    answer = visitor.client.post(path, json=choice, base_url=BASE)
    assert answer.status_code == 403
    assert "token" in answer.json["error"]
    assert desk.events == []
    assert desk.panel.touches == []


def test_change_with_the_token_of_another_session_is_refused(app, visitor, desk):
    other = app.test_client()
    other.get("/", base_url=BASE)
    assert other.post("/press", json={"gesture": "short"}, base_url=BASE, headers=visitor.headers).status_code == 403
    assert desk.events == []


def test_token_of_another_start_is_refused(visitor, desk):
    from moodbox.page.app import create_app

    restarted = create_app(desk).test_client()
    name = "moodbox-8080"
    restarted.set_cookie(name, visitor.client.get_cookie(name, domain="127.0.0.1").value, domain="127.0.0.1")
    answer = restarted.post("/press", json={"gesture": "short"}, base_url=BASE, headers=visitor.headers)
    assert answer.status_code == 403
    assert desk.events == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_change_asked_by_another_site_is_refused(visitor, desk, site):
    answer = visitor.post("/press", json={"gesture": "short"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert desk.events == []


def test_picture_asked_by_another_site_is_refused(visitor, desk):
    assert visitor.get("/live.jpg", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert desk.watcher.leases == []


def test_change_with_a_foreign_origin_is_refused(visitor, desk):
    answer = visitor.post("/press", json={"gesture": "short"}, headers={"Origin": "http://127.0.0.1:9999"})
    assert answer.status_code == 403
    assert desk.events == []


@pytest.mark.parametrize(("path", "_choice"), CHANGES)
def test_looking_changes_nothing(visitor, desk, path, _choice):
    assert visitor.get(path).status_code == 405
    assert desk.events == []


def test_cookie_is_hidden_from_scripts_and_from_other_sites(stranger):
    cookie = stranger.get("/", base_url=BASE).headers["Set-Cookie"]
    assert cookie.startswith("moodbox-8080=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_session_survives_a_second_look(visitor):
    before = visitor.headers["X-Moodbox-Token"]
    assert f'content="{before}"' in visitor.get("/").text
