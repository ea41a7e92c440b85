"""The grade model: what it may learn from, that it is the same each time, and what it answers."""

from __future__ import annotations

import builtins
import io
import json
import sys

import duckdb
import numpy as np
import pytest
from dbt.adapters.duckdb.environments.local import DuckDBCursorWrapper

from refurb_warehouse import __main__
from refurb_warehouse.checks.compiled import Warehouse
from refurb_warehouse.errors import RefurbError
from refurb_warehouse.grading import building, command, model, training
from refurb_warehouse.grading.features import AGE, BATTERY, CHECKS, GRADES, INPUTS, STATES, WORDS
from refurb_warehouse.grading.model import GradeModel, decreasing

UNTIL = "2024-07-01"


def devices(count: int = 400, seed: int = 7) -> tuple[list[str], dict[str, np.ndarray], np.ndarray]:
    """Audited devices: the worse of two states is mostly the grade."""
    rng = np.random.default_rng(seed)
    verified = rng.integers(0, 4, count)
    inputs = {
        state: np.clip(verified + 1 + (rng.random(count) > 0.8), 1, 4).astype(float)
        for state in STATES
    }
    inputs["body_state"][::17] = np.nan
    for check in CHECKS:
        inputs[check] = np.where(rng.random(count) < 0.05 + 0.2 * (verified == 0), 0.0, 1.0)
    inputs["check_wifi"][::11] = np.nan
    inputs[BATTERY] = np.where(rng.random(count) < 0.1, np.nan, 80 + 4 * verified)
    inputs[AGE] = rng.random(count) * 900
    inputs["category"] = rng.choice(np.array(["phone", "tablet", None], dtype=object), count)
    inputs["brand"] = rng.choice(np.array(["Alto", "Basso"], dtype=object), count)
    return [f"E{number:05}" for number in range(count)], inputs, verified


@pytest.fixture(scope="module")
def trained() -> GradeModel:
    """A model of four hundred devices."""
    return training.train(*devices(), UNTIL, {"grade_gap_slight_max": 2})


@pytest.fixture
def connection():
    """A database with audits and features as the warehouse lays them before the model."""
    ids, inputs, verified = devices(300)
    columns = {
        name: np.ma.masked_invalid(values) if values.dtype == float else values
        for name, values in inputs.items()
    }
    columns["evaluation_id"] = np.array(ids, dtype=object)
    columns["verified_grade"] = np.array(GRADES, dtype=object)[verified]
    with duckdb.connect() as opened:
        listed = ", ".join(
            f"cast({name} as boolean) as {name}" if name in CHECKS else name for name in columns
        )
        opened.execute(f"create table features as select {listed} from columns")
        opened.execute(
            "create table audits as select evaluation_id, verified_grade, "
            "date '2024-07-01' as trained_until, evaluation_id < 'E00200' as is_trained_on "
            "from columns"
        )
        yield opened


def model_row(connection, min_audits: int = 100, audits: str = "from audits") -> dict:
    table = building.model_table(
        connection, connection.sql(audits), connection.sql("from features"),
        min_audits=min_audits, gap_slight_max=2,
    )  # fmt: skip
    return dict(zip(table.columns, table.fetchall()[0], strict=True))


def predictions(connection, row: dict) -> list[tuple]:
    connection.execute(
        "create or replace temp table models as select cast($1 as varchar) as document",
        [row["document"]],
    )
    return building.prediction_table(
        connection, connection.sql("from models"), connection.sql("from features")
    ).fetchall()


def test_it_predicts_what_scikit_learn_fitted(trained: GradeModel) -> None:
    from sklearn.linear_model import LogisticRegression

    ids, inputs, verified = devices()
    design = trained.encoding.design(inputs)
    above = np.column_stack(
        [
            LogisticRegression(C=training.REGULARISATION, solver="newton-cholesky", tol=1e-8)
            .fit(design, verified > grade)
            .predict_proba(design)[:, 1]
            for grade in range(3)
        ]
    )
    expected = -np.diff(np.column_stack([np.ones(len(ids)), decreasing(above), 0 * verified]))
    found = trained.predict(inputs)
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-7)
    assert (found.grade == verified).mean() > 0.85


def test_its_scores_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import accuracy_score, cohen_kappa_score, f1_score

    rng = np.random.default_rng(1)
    verified, found = rng.integers(0, 3, 200), rng.integers(0, 4, 200)
    scores = training.scores_of(training.confusion(verified, found))
    assert scores["accuracy"] == pytest.approx(accuracy_score(verified, found))
    assert scores["macro_f1"] == pytest.approx(f1_score(verified, found, average="macro"))
    kappa = cohen_kappa_score(verified, found, weights="quadratic")
    assert scores["kappa"] == pytest.approx(kappa)


def test_the_order_of_the_rows_changes_nothing(trained: GradeModel) -> None:
    ids, inputs, verified = devices()
    mixed = np.random.default_rng(3).permutation(len(ids))
    again = training.train(
        [ids[at] for at in mixed],
        {name: values[mixed] for name, values in inputs.items()},
        verified[mixed], UNTIL, {"grade_gap_slight_max": 2},
    )  # fmt: skip
    assert again.to_json() == trained.to_json()
    # fitted anew, not remembered
    training._remembered.clear()
    assert training.train(*devices(), UNTIL, {"grade_gap_slight_max": 2}).version == trained.version


def test_a_probability_never_falls_below_0_and_all_four_add_up_to_1(trained: GradeModel) -> None:
    _, inputs, _ = devices(2000, seed=11)
    found = trained.predict(inputs)
    assert (found.probabilities >= 0).all()
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1, atol=1e-8)
    assert ((found.confidence > 0) & (found.confidence < 1)).all()
    # the nearest non-increasing row, by hand: 0.3 and 0.5 meet in the middle
    np.testing.assert_allclose(
        decreasing(np.array([[0.9, 0.3, 0.5], [0.2, 0.4, 0.6]])), [[0.9, 0.4, 0.4], [0.4] * 3]
    )


def test_a_better_state_never_makes_a_worse_grade_likelier(trained: GradeModel) -> None:
    inputs = {name: np.full(4, np.nan) for name in INPUTS if name not in WORDS}
    inputs |= {name: np.full(4, None, dtype=object) for name in WORDS}
    inputs |= {state: np.array([1.0, 2, 3, 4]) for state in STATES}
    assert (np.diff(trained.predict(inputs).grade) >= 0).all()


def test_what_says_nothing_of_the_device_is_no_column(trained: GradeModel) -> None:
    known = {"assigned_grade", "suggested_grade", "supplier_id", "decision", "photo_count",
             "model_version", "verified_grade"}  # fmt: skip
    assert not known & set(INPUTS)
    features = {feature for feature, _ in trained.encoding.columns}
    assert features <= {*INPUTS, "worse_state"}


def test_its_inputs_are_those_of_the_warehouse(compiled_project) -> None:
    import sqlglot

    sql = compiled_project.models["int_evaluation_features"].sql
    selected = sqlglot.parse_one(sql, dialect="duckdb").named_selects
    assert set(selected) == {"evaluation_id", *INPUTS}


def test_who_graded_how_changes_no_prediction(compiled_project) -> None:
    needed = {"int_grade_predictions"}
    for name in reversed(compiled_project.models):
        if name in needed:
            needed.update(compiled_project.models[name].inputs)
    names = [name for name in compiled_project.models if name in needed]
    with Warehouse(compiled_project) as warehouse:
        warehouse.land_finished_build()
        warehouse.build(names)
        scored = "from intermediate.int_grade_predictions order by evaluation_id"
        before = warehouse.query(scored)
        warehouse.connection.execute(
            "update raw.product_evaluations set decision = 'kept', suggested_grade = '', "
            "photo_count = '9', assigned_grade = "
            "case when hash(evaluation_id) % 2 = 0 then 'broken' else 'perfect' end; "
            "update raw.product_lists set supplier_id = (select min(supplier_id) "
            "from raw.suppliers), announced_grade = 'fair'"
        )
        warehouse.build(names)
        assert len(before) > 1000
        assert warehouse.query(scored) == before


def test_a_model_survives_its_document(trained: GradeModel) -> None:
    again = GradeModel.from_json(trained.to_json())
    _, inputs, _ = devices(50, seed=2)
    np.testing.assert_array_equal(
        again.predict(inputs).probabilities, trained.predict(inputs).probabilities
    )
    assert again.version == trained.version == model.version_of(again.document)
    assert trained.version.startswith(UNTIL)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 9, "model_version": "x"}'])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(RefurbError):
        GradeModel.from_json(text)


def test_a_changed_document_is_refused(trained: GradeModel) -> None:
    changed = json.loads(trained.to_json())
    changed["steps"][0]["intercept"] += 1
    with pytest.raises(RefurbError, match="was changed"):
        GradeModel.from_json(json.dumps(changed))


def test_the_warehouse_trains_on_the_audits_of_its_time(connection) -> None:
    row = model_row(connection)
    assert (row["status"], row["training_audits"], str(row["trained_until"])) == (
        "trained", 200, UNTIL,
    )  # fmt: skip
    connection.execute("update audits set verified_grade = 'fair' where not is_trained_on")
    assert model_row(connection)["model_version"] == row["model_version"]
    assert len(predictions(connection, row)) == 300


def test_evaluations_are_scored_a_part_at_a_time_where_dbt_asks(connection, monkeypatch) -> None:
    row = model_row(connection)
    whole = sorted(predictions(connection, row))
    monkeypatch.setattr(building, "SCORED_AT_ONCE", 70)
    parts = sorted(predictions(DuckDBCursorWrapper(connection), row))
    assert len(parts) == 300
    for one, other in zip(whole, parts, strict=True):
        assert one == pytest.approx(other, abs=1e-12)


@pytest.mark.parametrize(
    ("min_audits", "audits", "status"),
    [
        (201, "from audits", "too_few_audits"),
        (0, "from audits where false", "too_few_audits"),
        (1, "select * replace ('fair' as verified_grade) from audits", "one_grade"),
        (1, "select * replace ('STALLONE' as verified_grade) from audits", "other_scale"),
    ],
)
def test_without_enough_to_learn_from_there_is_no_model(
    connection, min_audits: int, audits: str, status: str
) -> None:
    row = model_row(connection, min_audits, audits)
    assert (row["status"], row["document"]) == (status, None)
    assert row["remedy"]
    assert predictions(connection, row) == []


def test_without_scikit_learn_there_is_no_model_and_no_error(connection, monkeypatch) -> None:
    real = builtins.__import__

    def refuse(name, *arguments, **named):
        if name.partition(".")[0] in ("sklearn", "threadpoolctl"):
            raise ImportError(name)
        return real(name, *arguments, **named)

    for name in [name for name in sys.modules if name.partition(".")[0] == "sklearn"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    row = model_row(connection)
    assert (row["status"], row["document"]) == ("no_scikit_learn", None)
    assert "make setup" in row["remedy"]


def answers(trained: GradeModel, text: str) -> tuple[int, list[dict], str]:
    said, complained = io.StringIO(), io.StringIO()
    code = command.score(trained, io.StringIO(text), said, complained)
    return code, [json.loads(line) for line in said.getvalue().splitlines()], complained.getvalue()


def test_json_lines_are_answered(trained: GradeModel) -> None:
    rows = [
        {"evaluation_id": "E1", "screen_state": 2, "body_state": 4, "assigned_grade": "perfect"},
        {"screen_state": 4, "body_state": 4, "category": "Phone", "assigned_grade": "perfect"},
        {"screen_state": 1, "body_state": 1, "check_power": False, "assigned_grade": "perfect"},
        {"screen_state": 3},
    ]
    code, found, complaints = answers(trained, "\n".join(map(json.dumps, rows)))
    assert (code, complaints) == (0, "")
    assert [row["grade"] for row in found] == ["fair", "perfect", "broken", "very_good"]
    assert [row["gap_class"] for row in found] == ["slight", "none", "important", None]
    assert [row["required_step"] for row in found] == ["suggestion", "none", "justification", None]
    assert [row["decision"] for row in found] == ["pending", "validated", "pending", None]
    assert [row["grade_gap_signed"] for row in found] == [2, 0, 3, None]
    assert found[0]["evaluation_id"] == "E1"
    assert sum(found[0]["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert any("screen" in reason and "worse grade" in reason for reason in found[0]["reasons"])


def test_csv_says_the_same_as_json(trained: GradeModel) -> None:
    header = "evaluation_id,screen_state,body_state,check_wifi,battery_health_pct,photo_count"
    _, from_csv, _ = answers(trained, f"\ufeff{header}\nE1,2,,false,81.5,4\n")
    row = {"evaluation_id": "E1", "screen_state": 2, "check_wifi": False, BATTERY: 81.5}
    assert from_csv == answers(trained, json.dumps(row))[1]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ('{"screen_state": 7}', "screen_state is 7: write a whole number from 1 to 4"),
        ('{"screen_state": 2.5}', "screen_state is 2.5"),
        ('{"body_state": true}', "body_state is true"),
        ('{"check_wifi": "oui"}', 'check_wifi is "oui": write true or false'),
        ('{"battery_health_pct": "full"}', 'battery_health_pct is "full"'),
        ('{"device_age_days": NaN}', "device_age_days is NaN"),
        ('{"assigned_grade": "parfait"}', 'assigned_grade is "parfait": write one of broken'),
        ('{"brand": 3}', "brand is 3: write text"),
        ('{"screen": 3}', "column 'screen' is none that the model knows"),
        ("[1]", "not a JSON object"),
        ('{"screen_state":', "not JSON"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_answered(
    trained: GradeModel, row: str, complaint: str
) -> None:
    good = '{"screen_state": 3}'
    code, found, complaints = answers(trained, f"{good}\n{row}\n{good}\n")
    assert (code, [answer["row"] for answer in found]) == (1, [1, 3])
    assert complaints.startswith("row 2: ")
    assert complaint in complaints


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("screen,body_state\n3,3\n", "column 'screen'"),
        ("evaluation_id\nE1\n", "no column that the model reads"),
        ("", "no column that the model reads"),
    ],
)
def test_a_file_with_the_wrong_columns_is_refused(
    trained: GradeModel, text: str, complaint: str
) -> None:
    with pytest.raises(RefurbError, match=complaint):
        answers(trained, text)


def test_the_command_reads_a_build_or_a_saved_model(
    trained: GradeModel, tmp_path, capsys, monkeypatch
) -> None:
    database, saved = tmp_path / "build.duckdb", tmp_path / "model.json"
    with duckdb.connect(str(database)) as opened:
        opened.execute("create schema intermediate")
        opened.execute(
            "create table intermediate.int_grade_model as "
            "select 'trained' as status, '' as remedy, $1 as document",
            [trained.to_json()],
        )
    assert __main__.main(
        ["score", "--database", str(database), "--save-model", str(saved)]
    ) == 0  # fmt: skip
    rows = tmp_path / "rows.csv"
    rows.write_text("screen_state,body_state\n3,4\n9,4\n", encoding="utf-8")
    assert __main__.main(["score", "--model", str(saved), str(rows)]) == 1
    monkeypatch.setattr("sys.stdin", io.StringIO('{"screen_state": 3, "body_state": 4}'))
    monkeypatch.setenv("REFURB_DATABASE", str(database))
    assert __main__.main(["score"]) == 0
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines()[1:]]
    assert said[0] == said[1]
    with duckdb.connect(str(database)) as opened:
        opened.execute(
            "update intermediate.int_grade_model "
            "set document = null, status = 'too_few_audits', remedy = 'audit more'"
        )
    assert __main__.main(["score"]) == 1
    assert "too_few_audits): audit more" in capsys.readouterr().err
    assert __main__.main(["score", "--model", str(tmp_path / "none")]) == 1
    assert __main__.main(["score", "--database", str(tmp_path / "none")]) == 1
    capsys.readouterr()
    database.write_text("not a database " * 1000, encoding="utf-8")
    assert __main__.main(["score"]) == 1
    assert "cannot be read as a DuckDB file" in capsys.readouterr().err
