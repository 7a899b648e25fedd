"""Chapter 16's data and scores: each against another computation, bad ones with a word. Needs rdkit and selfies."""

import math

import pytest

Chem = pytest.importorskip("rdkit.Chem")
selfies = pytest.importorskip("selfies")

from gan_edu.core.data import molecules as data  # noqa: E402
from gan_edu.core.data.molecules import SELFIES, SMILES, canonical, molecule, nci  # noqa: E402
from gan_edu.core.measures import molecule_scores as scores  # noqa: E402
from gan_edu.core.measures.molecule_scores import Known, properties  # noqa: E402
from gan_edu.molecules import drug_like, random_walk  # noqa: E402

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
SAME = {"OCC": "CCO", "C1=CC=CC=C1": "c1ccccc1", "C[C@H](N)O": "CC(N)O", "[CH3][OH]": "CO"}


# ------------------------------------------------------------------ reading


def test_one_molecule_has_one_canonical_smiles():
    assert {each: canonical(each) for each in SAME} == SAME
    for none in ("", "C(C", "Xx", "C(C)(C)(C)(C)C", "CC.O", "C" * 3000, "c1ccc1c"):
        assert canonical(none) is None


@pytest.mark.parametrize(
    "given, told",
    [
        ("C(C", "open bracket"),
        ("", "no atom"),
        ("C(C)(C)(C)(C)C", "valence"),
        ("CC(=O)[O-].[Na+]", "2 pieces"),
        ("[13CH4]", "13C"),
        ("[2H]C", "2H"),
        ("C" * 201, "201 heavy atoms"),
        ("C" * 2001, "2,001 characters"),
        (3, "text"),
        (None, "text"),
    ],
    ids=["bracket", "empty", "valence", "salt", "isotope", "deuterium", "atoms", "long", "number", "none"],
)
def test_what_is_no_molecule_here_is_said(given, told, capfd):
    with pytest.raises(ValueError, match=told):
        molecule(given)
    assert capfd.readouterr() == ("", "")  # RDKit prints nothing beside


def test_what_is_read_has_its_atoms():
    assert molecule(f" {ASPIRIN}\n").GetNumHeavyAtoms() == 13 == ASPIRIN.replace("(", "").upper().count("C") + 4


# ------------------------------------------------------------------ data


def test_the_set_is_what_its_page_says():
    found = nci()
    assert 3_700 < len(found) == len(set(found)) < 3_900 and 1_500 < len(nci(12)) < 1_700 and 600 < len(nci(9)) < 700
    for each in found[::40]:
        read = Chem.MolFromSmiles(each)
        symbols = {atom.GetSymbol() for atom in read.GetAtoms()}
        assert 5 <= read.GetNumAtoms() <= 22 and symbols <= data.ELEMENTS and "." not in each
        assert Chem.GetFormalCharge(read) == 0 and Chem.MolToSmiles(read) == each
    assert nci(12) == [each for each in found if Chem.MolFromSmiles(each).GetNumAtoms() <= 12]
    with pytest.raises(ValueError, match="most_atoms"):
        nci(23)


@pytest.mark.parametrize("writing", [SELFIES, SMILES], ids=["SELFIES", "SMILES"])
def test_each_is_written_read_and_has_room(writing):
    some = nci()[::20]
    texts = [writing.written(each) for each in some]
    x = writing.alphabet.encode(texts)
    assert writing.alphabet.decode(x) == texts and [writing.molecule_of(each) for each in texts] == some
    assert (x[:, -1, 0] == 1).all()  # all of them end
    if writing is SELFIES:
        assert all(writing.alphabet.cut(each) == list(selfies.split_selfies(each)) for each in texts)


def test_any_text_in_selfies_is_a_molecule_and_few_in_smiles_are():
    shares = [
        scores.valid([writing.molecule_of(each) for each in random_walk(writing.alphabet, [15] * 200)])
        for writing in (SELFIES, SMILES)
    ]
    assert shares[0] > 0.97 and shares[1] < 0.05


def test_what_cannot_be_written_or_read_is_said():
    with pytest.raises(ValueError, match="cannot be written in SELFIES"):
        SELFIES.written("C(C")
    with pytest.raises(ValueError, match="symbols stand in brackets"):
        SELFIES.read("[C][Zz9]")
    with pytest.raises(ValueError, match=r"\[Xx\]"):
        SELFIES.alphabet.encode(["[C][Xx]"])


def test_a_file_that_is_not_there_is_said(monkeypatch, tmp_path):
    from rdkit import RDConfig

    monkeypatch.setattr(RDConfig, "RDDataDir", str(tmp_path))
    with pytest.raises(OSError, match="first_5K.smi"):
        data.nci_lines()
    monkeypatch.setattr(RDConfig, "RDContribDir", str(tmp_path))
    scores.sa_script.cache_clear()
    with pytest.raises(OSError, match="SA_Score"):
        scores.sa_script()


# ------------------------------------------------------------------ scores


def test_shares_are_counted():
    made = ["C", "C", "CC", None, "CCO"]
    assert scores.valid(made) == 0.8 and scores.unique(made) == 0.75
    assert scores.novel(made, ["C", "N"]) == pytest.approx(2 / 3)
    assert scores.valid([None]) == scores.unique([None]) == scores.novel([None], []) == 0
    assert scores.valid(["C"] * 9) == 1 and scores.unique(["C"] * 9) == pytest.approx(1 / 9)
    for wrong in ("CCO", []):
        with pytest.raises(ValueError, match="made"):
            scores.valid(wrong)


def desirability(x, a, b, c, d, e, f, most):
    """The asymmetric double sigmoid of Bickerton et al. (2012), as their supplement has it."""
    return (a + b / (1 + math.exp(-(x - c + d / 2) / e)) * (1 - 1 / (1 + math.exp(-(x - c - d / 2) / f)))) / most


def test_qed_is_the_weighted_geometric_mean_of_desirabilities():
    from rdkit.Chem import QED

    for smiles in (ASPIRIN, "CCO", "CCCCCCCCCCCCCCCC"):
        numbers, weights = QED.properties(Chem.MolFromSmiles(smiles)), QED.WEIGHT_MEAN
        each = [
            desirability(x, p.A, p.B, p.C, p.D, p.E, p.F, p.DMAX)
            for x, p in zip(numbers, [QED.adsParameters[name] for name in numbers._fields], strict=True)
        ]
        log = sum(w * math.log(d) for w, d in zip(weights, each, strict=True)) / sum(weights)
        assert scores.qed(smiles) == properties(smiles).qed == pytest.approx(math.exp(log), rel=1e-6)
    assert scores.qed(None) == 0
    with pytest.raises(ValueError, match="no SMILES"):
        scores.qed("C(C")


def test_properties_of_known_molecules():
    aspirin, hexane = properties(ASPIRIN), properties("CCCCCC")
    assert aspirin.weight == pytest.approx(9 * 12.011 + 8 * 1.008 + 4 * 15.999, abs=0.01)
    assert (aspirin.atoms, aspirin.rings, hexane.rings) == (13, 1, 0)
    assert hexane.logp > aspirin.logp > properties("OCC(O)CO").logp  # hexane in oil, glycerol in water
    steroid = "CC12CCC3C(C1CCC2O)CCC4=CC(=O)CCC34C"
    assert 1 <= hexane.sa < aspirin.sa < properties(steroid).sa <= 10


def test_scaffolds_are_rings_and_what_joins_them():
    assert scores.scaffold(ASPIRIN) == "c1ccccc1" and scores.scaffold("CCO") == ""
    assert scores.scaffold("CC1CC1CCc1ccccc1C") == canonical("C1CC1CCc1ccccc1")


def tanimoto(a, b):
    one, two = (set(scores.fingerprint(each).GetOnBits()) for each in (a, b))
    return len(one & two) / len(one | two)


def test_the_nearest_is_the_most_similar():
    some = nci()[:60]
    known = Known(some[:40])
    for each in some[35:45]:
        found = scores.nearest(each, known)
        assert found.similarity == pytest.approx(max(tanimoto(each, one) for one in some[:40]))
        assert found.similarity == pytest.approx(tanimoto(each, found.smiles))
    assert scores.nearest(some[3], known) == (some[3], 1.0)
    with pytest.raises(ValueError, match="one molecule"):
        Known([])
    with pytest.raises(TypeError, match="Known"):
        scores.nearest("C", some)


def test_diversity_is_the_mean_over_pairs():
    some = nci()[:12]
    pairs = [tanimoto(a, b) for k, a in enumerate(some) for b in some[:k]]
    assert scores.diversity(some) == pytest.approx(1 - sum(pairs) / len(pairs))
    assert scores.diversity(["CCO"] * 3) == 0
    with pytest.raises(ValueError, match="two"):
        scores.diversity(["C"])


def test_an_objective_scores_the_molecules_of_texts():
    want = drug_like(SELFIES)
    assert want(["[C][C][O]", "[Ring1]", "[O][C][C]"]) == [scores.qed("CCO"), 0.0, scores.qed("CCO")]
    assert drug_like(SMILES)(["CCO", "C(C"]) == [scores.qed("CCO"), 0.0]
    calls = []
    counted = drug_like(SMILES, lambda smiles: calls.append(smiles) or 0.5)
    assert counted(["C", "C", "(", "C"]) == [0.5] * 4 and calls == ["C", None]


def test_alerts_are_those_of_groups_that_chemists_know():
    assert scores.alerts("CCO") == [] and scores.alerts("CC=O") == ["aldehyde"]
    assert "phenol_ester" in scores.alerts(ASPIRIN) and "diazo_group" in scores.alerts("c1ccccc1N=Nc1ccccc1")
    with pytest.raises(ValueError, match="no SMILES"):
        scores.alerts("C(C")
