"""The files for Moodle and Canvas, held strictly against what both read: structure, links, scores, escapes."""

import html
import io
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as XML

import pytest

from gan_edu.__main__ import main
from gan_edu.core.notebook import quizzes
from gan_edu.core.notebook.marked import parts
from gan_edu.quizzes import canvas, files, markup, moodle

CHAPTERS = quizzes.chapters()
QTI = {"q": canvas.QTI}
# Children of each element, as ims_qtiasiv1p2p1.dtd has them for what is used here: a pattern over names.
QTI_CHILDREN = {
    "questestinterop": "assessment,",
    "assessment": "section,",
    "section": "(item,)+",
    "item": "itemmetadata,presentation,resprocessing,(itemfeedback,)+",
    "itemmetadata": "qtimetadata,",
    "qtimetadata": "(qtimetadatafield,)+",
    "qtimetadatafield": "fieldlabel,fieldentry,",
    "presentation": "material,response_lid,",
    "response_lid": "render_choice,",
    "render_choice": "(response_label,)+",
    "response_label": "material,",
    "resprocessing": "outcomes,(respcondition,)+",
    "outcomes": "decvar,",
    "respcondition": "conditionvar,(setvar,)?(displayfeedback,)?",
    "conditionvar": "varequal,",
    "itemfeedback": "flow_mat,",
    "flow_mat": "material,",
    "material": "mattext,",
}
QTI_ATTRIBUTES = {
    "assessment": {"ident", "title"},
    "section": {"ident"},
    "item": {"ident", "title"},
    "response_lid": {"ident", "rcardinality"},
    "response_label": {"ident"},
    "decvar": {"maxvalue", "minvalue", "varname", "vartype"},
    "respcondition": {"continue"},
    "varequal": {"respident"},
    "setvar": {"action", "varname"},
    "displayfeedback": {"feedbacktype", "linkrefid"},
    "itemfeedback": {"ident"},
    "mattext": {"texttype"},
}
MOODLE_QUESTION = [
    "name", "questiontext", "defaultgrade", "penalty", "hidden", "idnumber", "single", "shuffleanswers",
    "answernumbering", "showstandardinstruction",
]  # fmt: skip


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("GAN_EDU_LANG", "en")


class Seen(HTMLParser):
    """What of a text's HTML is seen, and whether each tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.text, self.open, self.tags = "", [], set()
        self.feed(text)
        self.close()
        assert self.open == [], text

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)
        assert tag in {"p", "em", "code"} and not attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def without_marks(text):
    """What a text with marks must be seen as."""
    return "".join(rf"\({part.text}\)" if part.kind == "formula" else part.text for part in parts(text))


# ---------------------------------------------------------------- Moodle


def moodle_questions(content):
    root = XML.fromstring(content)
    assert root.tag == "quiz" and not root.attrib
    category, *asked = root
    assert {each.tag for each in root} == {"question"} and category.attrib == {"type": "category"}
    assert category.find("category/text").text.startswith("$course$/top/gan_edu/")
    return asked


def moodle_text(node):
    assert node.attrib.get("format") == "html"
    return Seen(node.find("text").text).text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_moodle_gets_each_question_with_one_right_answer_and_a_feedback_each(chapter):
    found, names = moodle_questions(moodle.moodle(chapter)), set()
    for asked, node in zip(quizzes.questions(chapter), found, strict=True):
        assert node.attrib == {"type": "multichoice"}
        answers = node.findall("answer")
        assert [each.tag for each in node] == [*MOODLE_QUESTION, *["answer"] * len(answers)]
        told = {name: node.find(name).text for name in MOODLE_QUESTION[2:]}
        assert told["single"] == told["shuffleanswers"] == "true" and told["answernumbering"] in {"abc", "ABCD", "none"}
        assert float(told["defaultgrade"]) == 1 and 0 <= float(told["penalty"]) <= 1
        names.add(told["idnumber"])
        assert moodle_text(node.find("questiontext")) == without_marks(asked["asks"])
        assert [each.attrib["fraction"] for each in answers].count("100") == 1
        for place, (answer, given) in enumerate(zip(asked["answers"], answers, strict=True)):
            assert given.attrib["fraction"] == ("100" if place == asked["right"] else "0")
            assert moodle_text(given) == without_marks(answer["says"])
            assert moodle_text(given.find("feedback")) == without_marks(answer["why"])
    assert len(names) == len(found) == 5 and all(len(name) <= 100 for name in names)  # as Moodle's column holds


def test_a_slash_in_a_title_opens_no_category(monkeypatch):
    monkeypatch.setattr(moodle, "title", lambda chapter: "a/b")
    assert XML.fromstring(moodle.moodle("02")).find("question/category/text").text == "$course$/top/gan_edu/02 a//b"


# ---------------------------------------------------------------- Canvas


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def own(node):
    """An element's name without the namespace, which must be QTI's."""
    assert node.tag.startswith(f"{{{canvas.QTI}}}"), node.tag
    return node.tag.partition("}")[2]


def lawful(node):
    """Each element has the children and attributes that QTI lets it have."""
    name, children = own(node), "".join(f"{own(each)}," for each in node)
    assert set(node.attrib) == QTI_ATTRIBUTES.get(name, set()), name
    if name in QTI_CHILDREN:
        assert re.fullmatch(QTI_CHILDREN[name], children), (name, children)
        assert not (node.text or "").strip(), f"{name} holds bare text"
    else:
        assert not children, (name, children)
    for each in node:
        lawful(each)


def canvas_text(node):
    text = node.find("q:material/q:mattext", QTI)
    assert text.attrib == {"texttype": "text/html"}
    return Seen(text.text).text


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_canvas_gets_a_package_whose_manifest_names_what_is_there(chapter):
    packed = unpacked(canvas.canvas(chapter))
    manifest = XML.fromstring(packed["imsmanifest.xml"])
    assert manifest.tag == f"{{{canvas.PACKAGE}}}manifest"
    of = {"p": canvas.PACKAGE}
    assert [each.tag.partition("}")[2] for each in manifest] == ["metadata", "organizations", "resources"]
    resources = {each.attrib["identifier"]: each for each in manifest.iterfind("p:resources/p:resource", of)}
    named = [each.attrib["href"] for one in resources.values() for each in one.iterfind("p:file", of)]
    assert sorted([*named, "imsmanifest.xml"]) == sorted(packed), "named and not there, or there and not named"
    (quiz,) = [each for each in resources.values() if each.attrib["type"] == "imsqti_xmlv1p2"]
    (needs,) = quiz.iterfind("p:dependency", of)
    settings = resources[needs.attrib["identifierref"]]
    assert settings.attrib["type"] == canvas.SETTINGS and settings.attrib["href"] in packed
    name, meta = quiz.attrib["identifier"], XML.fromstring(packed[settings.attrib["href"]])
    assert meta.tag == f"{{{canvas.CANVAS}}}quiz" and meta.attrib == {"identifier": name}
    assert float(meta.find(f"{{{canvas.CANVAS}}}points_possible").text) == len(quizzes.questions(chapter))
    assessment = XML.fromstring(packed[quiz.find("p:file", of).attrib["href"]]).find("q:assessment", QTI)
    assert assessment.attrib == {"ident": name, "title": f"{chapter} · {quizzes.title(chapter)}"}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_canvas_gets_each_question_with_one_score_and_a_feedback_for_each_answer(chapter):
    packed = unpacked(canvas.canvas(chapter))
    root = XML.fromstring(next(text for name, text in packed.items() if re.fullmatch(r"(\w+)/\1\.xml", name)))
    lawful(root)
    idents = [each.attrib["ident"] for each in root.iter() if "ident" in each.attrib and own(each) != "response_lid"]
    assert len(set(idents)) == len(idents) and all(re.fullmatch(r"[A-Za-z_][\w.-]*", each) for each in idents)
    for asked, item in zip(quizzes.questions(chapter), root.iterfind(".//q:item", QTI), strict=True):
        fields = {each[0].text: each[1].text for each in item.iterfind(".//q:qtimetadatafield", QTI)}
        assert fields["question_type"] == "multiple_choice_question" and float(fields["points_possible"]) == 1
        assert canvas_text(item.find("q:presentation", QTI)) == without_marks(asked["asks"])
        labels = item.findall(".//q:response_label", QTI)
        answers = [each.attrib["ident"] for each in labels]
        assert [canvas_text(each) for each in labels] == [without_marks(each["says"]) for each in asked["answers"]]
        assert fields["original_answer_ids"].split(",") == answers
        response = item.find(".//q:response_lid", QTI).attrib
        assert response["rcardinality"] == "Single"
        reasons, scores = {}, []
        for condition in item.iterfind(".//q:respcondition", QTI):
            equal = condition.find("q:conditionvar/q:varequal", QTI)
            assert equal.attrib["respident"] == response["ident"] and equal.text in answers
            if (shows := condition.find("q:displayfeedback", QTI)) is not None:
                assert condition.attrib["continue"] == "Yes", "what follows would not be scored"
                reasons[equal.text] = shows.attrib["linkrefid"]
            if (score := condition.find("q:setvar", QTI)) is not None:
                assert score.attrib == {"action": "Set", "varname": "SCORE"} and score.text == "100"
                scores.append(equal.text)
        assert scores == [answers[asked["right"]]]
        feedback = {each.attrib["ident"]: canvas_text(each[0]) for each in item.iterfind("q:itemfeedback", QTI)}
        assert sorted(reasons) == sorted(answers) and sorted(reasons.values()) == sorted(feedback)
        told = [feedback[reasons[ident]] for ident in answers]
        assert told == [without_marks(each["why"]) for each in asked["answers"]]


def test_the_same_questions_are_the_same_bytes():
    assert canvas.canvas("02") == canvas.canvas("02") and moodle.moodle("02") == moodle.moodle("02")


# ---------------------------------------------------------------- escapes, languages, the command


def test_what_html_and_xml_mean_otherwise_is_escaped():
    odd = 'a < b & "c" > `x < y` $a < b$ *&amp;* <script> </text> ]]>'
    text = markup.as_html(odd)
    assert "<script>" not in text and r"\(a &lt; b\)" in text and "<code>x &lt; y</code>" in text
    seen = Seen(text)
    assert seen.text == r'a < b & "c" > x < y \(a < b\) &amp; <script> </text> ]]>' and seen.tags == {"p", "code", "em"}
    assert XML.fromstring(markup.written(markup.node("text", text))).text == text
    assert html.unescape(text) != text
    with pytest.raises(ValueError, match=r"U\+0007 in .* may stand in no XML file"):
        markup.as_html("a bell \a")


def test_no_dollar_is_left_for_a_formula():
    for chapter in CHAPTERS:
        text = moodle.moodle(chapter).decode().replace("$course$", "")
        assert "$" not in text and text.count(r"\(") == text.count(r"\)")


def test_another_language_has_names_of_its_own(monkeypatch):
    names = {}
    for language in ("en", "zh"):
        monkeypatch.setenv("GAN_EDU_LANG", language)
        questions = moodle_questions(moodle.moodle("02"))
        names[language] = {each.find("idnumber").text for each in questions} | set(unpacked(canvas.canvas("02")))
    assert names["en"] & names["zh"] == {"imsmanifest.xml"}


def test_the_command_writes_a_file_for_each_of_both(tmp_path, capsys):
    assert main(["quizzes", "2", "07_evaluation", "--into", str(tmp_path / "new" / "folder")]) == 0
    names = ["02_moodle.xml", "02_canvas.zip", "07_moodle.xml", "07_canvas.zip"]
    assert capsys.readouterr().out.split() == [str(tmp_path / "new" / "folder" / name) for name in names]
    assert (tmp_path / "new" / "folder" / "02_moodle.xml").read_bytes() == moodle.moodle("02")


def test_the_command_tells_what_is_no_chapter_and_writes_nothing(tmp_path, capsys):
    assert main(["quizzes", "02", "99", "--into", str(tmp_path / "out")]) == 1
    assert "chapter must be one of 00, 01" in capsys.readouterr().err and not (tmp_path / "out").exists()
    assert main(["quizzes", "--language", "xx", "--into", str(tmp_path / "out")]) == 1
    assert "the language must be one of en, zh" in capsys.readouterr().err


def test_all_of_them_are_written_without_torch(tmp_path):
    code = "import sys; from gan_edu.quizzes import files; files.write(into=sys.argv[1]); print('torch' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)
    assert told.stdout == "False\n"
    assert len(list(tmp_path.iterdir())) == 2 * len(CHAPTERS) == 2 * len(files.quizzes.chapters())
