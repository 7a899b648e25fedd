"""A quiz as a zip that Canvas reads: Settings → Import Course Content → QTI .zip file.

QTI 1.2 (IMS Question & Test Interoperability, ASI XML binding 1.2.1) in an IMS package, with the fields that Canvas
itself writes: question_type, points_possible, a feedback for each answer. Its settings say a practice quiz.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import Element

from gan_edu.core.notebook.quizzes import Question, questions, title
from gan_edu.quizzes.markup import as_html, node, own_name, written

QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
SETTINGS = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
LETTERS = "abcdefgh"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # of the files in the zip: the same questions are the same bytes


def canvas(chapter: str) -> bytes:
    """The zip of a chapter, in the language in force."""
    name, asked = own_name(chapter), questions(chapter)
    heading = f"{chapter} · {title(chapter)}"
    files = {
        "imsmanifest.xml": _manifest(name),
        f"{name}/{name}.xml": _assessment(name, heading, asked),
        f"{name}/assessment_meta.xml": _settings(name, heading, len(asked)),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, root in files.items():
            archive.writestr(zipfile.ZipInfo(path, LONG_AGO), written(root), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _manifest(name: str) -> Element:
    asked, meta = f"{name}/{name}.xml", f"{name}/assessment_meta.xml"
    about = node("metadata", node("schema", "IMS Content"), node("schemaversion", "1.1.3"))
    needs = node("dependency", identifierref=f"{name}_meta")
    quiz = node("resource", node("file", href=asked), needs, identifier=name, type="imsqti_xmlv1p2")
    settings = node("resource", node("file", href=meta), identifier=f"{name}_meta", type=SETTINGS, href=meta)
    resources = node("resources", quiz, settings)
    return node("manifest", about, node("organizations"), resources, identifier=f"{name}_manifest", xmlns=PACKAGE)


def _settings(name: str, heading: str, points: int) -> Element:
    told = {
        "title": heading,
        "description": "",
        "shuffle_answers": "true",
        "scoring_policy": "keep_highest",
        "quiz_type": "practice_quiz",
        "points_possible": f"{points}.0",
        "show_correct_answers": "true",
        "allowed_attempts": "-1",
        "one_question_at_a_time": "false",
        "cant_go_back": "false",
    }
    return node("quiz", *(node(each, value) for each, value in told.items()), identifier=name, xmlns=CANVAS)


def _assessment(name: str, heading: str, asked: list[Question]) -> Element:
    section = node("section", *(_item(f"{name}_{each['key']}", each) for each in asked), ident="root_section")
    return node("questestinterop", node("assessment", section, ident=name, title=heading), xmlns=QTI)


def _item(ident: str, question: Question) -> Element:
    idents = [f"{ident}_{letter}" for letter, _ in zip(LETTERS, question["answers"], strict=False)]
    told = [(each, answer["says"]) for each, answer in zip(idents, question["answers"], strict=True)]
    why = [(f"{each}_fb", answer["why"]) for each, answer in zip(idents, question["answers"], strict=True)]
    return node(
        "item",
        _about(
            {
                "question_type": "multiple_choice_question",
                "points_possible": "1.0",
                "original_answer_ids": ",".join(idents),
                "assessment_question_identifierref": f"{ident}_bank",
            }
        ),
        _presentation(question["asks"], told),
        _scores(idents, question["right"]),
        *(node("itemfeedback", node("flow_mat", _material(text)), ident=each) for each, text in why),
        ident=ident,
        title=question["key"],
    )


def _about(fields: dict[str, str]) -> Element:
    rows = [
        node("qtimetadatafield", node("fieldlabel", name), node("fieldentry", value)) for name, value in fields.items()
    ]
    return node("itemmetadata", node("qtimetadata", *rows))


def _presentation(asks: str, told: list[tuple[str, str]]) -> Element:
    labels = [node("response_label", _material(text), ident=ident) for ident, text in told]
    choice = node("response_lid", node("render_choice", *labels), ident="response1", rcardinality="Single")
    return node("presentation", _material(asks), choice)


def _scores(idents: list[str], right: int) -> Element:
    """Each answer shows its reason, and goes on; the right one scores, and ends."""
    score = node("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    reasons = [
        node(
            "respcondition",
            _is(ident),
            node("displayfeedback", feedbacktype="Response", linkrefid=f"{ident}_fb"),
            continue_="Yes",
        )
        for ident in idents
    ]
    full = node("setvar", "100", action="Set", varname="SCORE")
    scores = node("respcondition", _is(idents[right]), full, continue_="No")
    return node("resprocessing", node("outcomes", score), *reasons, scores)


def _is(ident: str) -> Element:
    return node("conditionvar", node("varequal", ident, respident="response1"))


def _material(text: str) -> Element:
    return node("material", node("mattext", as_html(text), texttype="text/html"))
