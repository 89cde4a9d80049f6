from infra.dashboard.files import File, files


def test_files_are_told_by_their_path_below_the_site_and_their_type(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/main-1.js").write_text("1")
    (tmp_path / "index.html").write_text("page")

    assert list(files(tmp_path)) == [
        File("assets/main-1.js", "text/javascript; charset=utf-8", b"1"),
        File("index.html", "text/html; charset=utf-8", b"page"),
    ]


def test_what_is_not_built_has_no_files(tmp_path):
    assert list(files(tmp_path / "none")) == []
