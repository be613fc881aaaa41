"""A model that sees: llama.cpp computes what PyTorch does, pictures are what the questions say, training goes on."""

import itertools
from dataclasses import replace
from random import Random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.runtime.messages import Load
from agents.runtime.prompt import Message, Picture
from workbench.geometry import Point, Rect


@pytest.fixture(scope="module")
def kit():
    from builtin_model.pictures import Kit

    return Kit(
        ((320, 192),), (12, 30), 4, 12, (5, 3, 1, 1), coloured=0.6, formed=0.3, iconed=0.4, worded=0.7, barred=0.3
    )


@pytest.fixture(scope="module")
def drawn_screens(kit):
    from builtin_model.pictures import drawn

    return {split: [drawn(kit, kit.sizes[0], split, Random(seed)) for seed in range(24)] for split in ("train", "test")}


@pytest.fixture(scope="module")
def sight():
    from builtin_model.vision import Sight

    return Sight(layers=2, width=64, heads=2, inner=128)


@pytest.fixture(scope="module")
def seeing_tokeniser(tokeniser):
    from builtin_model.tokens import Tokeniser

    return Tokeniser(tokeniser.merges, 100)


@pytest.fixture(scope="module")
def seeing_network(seeing_tokeniser, sight):
    from builtin_model.network import Network, Shape

    shape = Shape(layers=4, width=64, heads=2, head_width=32, inner=96, context=2048)
    return Network(shape, seeing_tokeniser, seed=3, sight=sight).eval()


@pytest.fixture(scope="module")
def seeing_files(seeing_network, seeing_tokeniser, tmp_path_factory):
    from builtin_model.exporting import beside_model, export, export_sight

    file = tmp_path_factory.mktemp("seeing") / "small.gguf"
    export(seeing_network, seeing_tokeniser, file, "f32")
    export_sight(seeing_network.vision, beside_model(file), "f32")
    return file, beside_model(file)


def _logits_of_llama(files, picture, words):
    """What llama.cpp thinks of the first token of the answer, and the tokens of the prompt."""
    from agents.runtime.llama.brake import Brake
    from agents.runtime.llama.engine import Engine, _Meter
    from agents.runtime.sending import Sender

    engine = Engine(Load(0, *map(str, files), gpu_layers=0, threads=1), Brake())
    turns = Sender().turns((Message("user", (picture, words)),))
    with engine._pictures():
        units = engine._units(turns, asks=True)
        engine._evaluate(units, _Meter())
        logits = np.array(engine._logits())
    engine.close()
    return logits, [unit for unit in units if isinstance(unit, int)]


@pytest.mark.parametrize("size", [(192, 128), (128, 128), (96, 160)])
def test_llama_cpp_computes_the_logits_of_the_network_for_a_picture(
    seeing_network, seeing_tokeniser, seeing_files, size
):
    from builtin_model.network import Seen
    from builtin_model.packing import Question, Screen, packed
    from builtin_model.tokens import ANSWERING, ASKED

    pixels = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    pixels[20:60, 20:90] = (200, 30, 30)
    found, tokens = _logits_of_llama(seeing_files, Picture(pixels), "click the red button")
    begin = seeing_tokeniser.encode_frame(ASKED)
    asked = seeing_tokeniser.encode("click the red button") + seeing_tokeniser.encode_frame(ANSWERING)
    assert tokens == begin + asked
    places = [seeing_tokeniser.padding] * (size[0] * size[1] // 256)
    screen = Screen((*begin, *places), (), (Question(tuple(asked), (seeing_tokeniser.end,), "colour"),))
    batch = packed([screen], guided=False)
    with torch.no_grad():
        vectors = seeing_network.vision(torch.from_numpy(pixels)[None])[0]
        seen = Seen(vectors, batch.list_slots[0, len(begin) :])
        expected = seeing_network.run(batch, seen)[0][-1].numpy()
    np.testing.assert_allclose(found, expected, atol=0.004 * np.abs(expected).max(), rtol=0)
    assert found.argmax() == expected.argmax()


@pytest.fixture(scope="module")
def taught(seeing_tokeniser, sight):
    """A small network that was taught a batch until it named every cell, the batch, and its share of hits by step."""
    from builtin_model.network import Network, Shape
    from builtin_model.picture_feed import PictureOrder, picture_batch
    from builtin_model.pictures import Kit
    from builtin_model.sighted import hits, pointing_loss

    kit = Kit(((192, 128),), (17, 28), 3, 5, formed=0.4)
    order = PictureOrder(4, "train", kit, ("colour", "shape"), screens=3, per_screen=3, patch=16)
    shape = Shape(layers=4, width=64, heads=2, head_width=32, inner=96, context=2048)
    network = Network(shape, seeing_tokeniser, seed=1, sight=sight)
    batch = picture_batch(order, seeing_tokeniser)
    learner = torch.optim.AdamW(network.parameters(), lr=4e-3)
    shares = []
    for step in range(200):
        lost = pointing_loss(network, seeing_tokeniser, batch, used=min(step / 60, 1.0))
        shares.append(hits(lost.predicted, batch, 100).mean())
        if (lost.predicted == torch.from_numpy(batch.cells)).all():
            break
        learner.zero_grad()
        (lost.answered + 0.5 * lost.patches + 0.5 * lost.guidance.element).backward()
        learner.step()
    return network.eval(), batch, shares


def test_answers_come_to_hit_when_a_batch_is_learned(taught):
    _, _, shares = taught
    assert shares[0] < 0.5
    assert shares[-1] == 1.0


def test_the_product_hits_what_the_network_learned_to_hit(taught, seeing_tokeniser, tmp_path):
    from builtin_model.exporting import beside_model, export, export_sight
    from builtin_model.tokens import ANSWERING

    from agents.runtime.local import LocalModel
    from agents.runtime.models.families import recognise
    from agents.runtime.models.gguf_header import check_fit, read_model, read_projector
    from agents.runtime.pointing.asking import point

    network, batch, _ = taught
    file = tmp_path / "taught.gguf"
    export(network, seeing_tokeniser, file, "f16")
    export_sight(network.vision, beside_model(file), "f16")
    headers = read_model(file), read_projector(beside_model(file))
    check_fit(*headers)
    family = recognise(*headers)
    assert family.name == "built-in"
    bounds = iter(Rect(left, top, right - left, bottom - top) for left, top, right, bottom in batch.bounds.tolist())
    with LocalModel("taught", Load(0, str(file), str(beside_model(file)), gpu_layers=0, threads=1)) as model:
        for pixels, screen in zip(batch.pixels, batch.screens, strict=True):
            for question in screen.questions:
                words = seeing_tokeniser.decode(question.prompt).removesuffix(ANSWERING).removeprefix("click ")
                assert next(bounds).contains(point(model, family.pointing, Picture(pixels), words)), words


def test_hits_are_told_by_kind_and_size_beside_chance():
    from builtin_model.pictures import Kit
    from builtin_model.seeing import asked_of, sighted, table

    asked = asked_of(Kit(((192, 128),), (17, 28), 2, 5, formed=0.4), ("colour", "shape"), "test", seed=5, per_kind=6)
    middles = [each.case.widget.bounds.centre for each in asked]
    found = sighted("test", asked, [*middles[:6], *[Point(0, 0)] * 6], middles)
    assert [(rate.name, rate.asked, rate.hits) for rate in found.kinds] == [("colour", 6, 6), ("shape", 6, 0)]
    assert (found.all.share, found.equal) == (0.5, 0.5)
    assert found.all.low < 0.5 < found.all.high
    assert 0 < found.all.chance_point < found.all.chance_widget <= 0.5
    assert "test, shape" in table([found])


@pytest.mark.parametrize(("kind", "smaller_than"), [("f16", 0.6), ("q8_0", 0.45)])
def test_sight_is_written_in_fewer_bits(seeing_network, seeing_files, tmp_path, kind, smaller_than):
    from builtin_model.exporting import export_sight

    from agents.runtime.models.gguf_header import read_projector

    file = tmp_path / "sight.gguf"
    export_sight(seeing_network.vision, file, kind)
    assert read_projector(file).width == 64
    assert file.stat().st_size < smaller_than * seeing_files[1].stat().st_size


def test_the_gpu_recipe_belongs_to_its_family_and_fits_into_forty_megabytes(tmp_path):
    from builtin_model.exporting import SEEING_NAMES
    from builtin_model.network import shapes
    from builtin_model.recipes import RECIPES
    from builtin_model.vision import vision_shapes

    from agents.runtime.models.families import recognise_name

    recipe = RECIPES["gpu"]
    family = recognise_name(SEEING_NAMES[recipe.sight.cells])
    rule = family.pointing.rule
    assert (rule.multiple, rule.min_pixels, rule.max_pixels) == (
        recipe.sight.patch,
        recipe.sight.least_px,
        recipe.sight.most_px,
    )
    for width, height in recipe.pictures.kit.sizes:
        assert width % recipe.sight.patch == height % recipe.sight.patch == 0
        assert recipe.sight.least_px <= width * height <= recipe.sight.most_px
    sizes = {**shapes(recipe.shape), **vision_shapes(recipe.sight, recipe.shape.width)}
    vocabulary = (5400 + 2 * recipe.sight.cells) * recipe.shape.width
    wider = {"v.patch_embd.weight": 2, "v.position_embd.weight": 4}
    taken = sum(int(np.prod(size)) * wider.get(name, 34 / 32) for name, size in sizes.items())
    assert taken + vocabulary * 34 / 32 < 39.5e6


def test_cells_are_tokens_of_their_own_behind_those_of_a_model_that_reads(tokeniser, seeing_tokeniser):
    assert seeing_tokeniser.tokens[: len(tokeniser.tokens)] == tokeniser.tokens
    columns, rows = seeing_tokeniser.columns, seeing_tokeniser.rows
    assert (columns[0], rows[1]) == (len(tokeniser.tokens), len(seeing_tokeniser.tokens))
    for column, row in itertools.product((0, 7, 10, 99), repeat=2):
        text = f'{{"x":{column},"y":{row}}}'
        assert seeing_tokeniser.encode(text) == [columns[0] + column, rows[0] + row]
        assert seeing_tokeniser.decode(seeing_tokeniser.encode(text)) == text


def test_llama_cpp_reads_cells_between_anything_as_the_same_tokens(seeing_tokeniser, seeing_files):
    import llama_cpp

    from agents.runtime.llama.vocabulary import Vocabulary

    llama_cpp.llama_backend_init()
    wanted = llama_cpp.llama_model_default_params()
    wanted.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(str(seeing_files[0]).encode(), wanted)
    cells = ['{"x":', ',"y":', '{"x":5', ',"y":52}', *"07}", "41", "100"]
    pieces = [*cells, ",", '"', '\nbutton "', '"e5","text":"', ' " [e1]', " click", "red"]
    draw = Random(3)
    texts = ["".join(draw.choices(pieces, k=draw.randint(1, 12))) for _ in range(2000)]
    vocabulary = Vocabulary(model)
    other = [text for text in texts if vocabulary.tokens(text, special=False) != seeing_tokeniser.encode(text)]
    llama_cpp.llama_model_free(model)
    assert other == []


@pytest.mark.parametrize("split", ["train", "test"])
def test_widgets_lie_apart_inside_the_picture_and_can_be_seen(drawn_screens, split):
    assert sum(len(screen.widgets) for screen in drawn_screens[split]) > 70
    for screen in drawn_screens[split]:
        picture = Rect(0, 0, screen.pixels.shape[1], screen.pixels.shape[0])
        for widget in screen.widgets:
            assert picture.intersection(widget.bounds) == widget.bounds
            at = widget.bounds
            patch = screen.pixels[at.y : at.bottom, at.x : at.right].reshape(-1, 3)
            assert len(np.unique(patch, axis=0)) > 1
        for one, other in itertools.combinations(screen.widgets, 2):
            assert one.bounds.intersection(other.bounds) is None


def test_a_coloured_button_is_painted_in_its_colour(drawn_screens):
    from agents.runtime.pointing.targets import COLOURS

    buttons = [
        (screen, widget)
        for screen in drawn_screens["train"]
        for widget in screen.widgets
        if widget.role == "button" and widget.colour
    ]
    assert len(buttons) > 20
    for screen, widget in buttons:
        at = widget.bounds
        patch = screen.pixels[at.y : at.bottom, at.x : at.right].astype(int)
        near = np.abs(patch - np.asarray(COLOURS[widget.colour])).max(-1) <= 12
        assert near.mean() > 0.12, widget


def test_words_icon_styles_layouts_and_typefaces_of_the_test_are_not_in_training(drawn_screens):
    from builtin_model.layouts import LAYOUTS
    from builtin_model.looks import _FONTS, _ICON_STYLES

    said = {
        split: {word for screen in screens for widget in screen.widgets for word in widget.label.lower().split()}
        for split, screens in drawn_screens.items()
    }
    assert min(map(len, said.values())) > 20
    for parts in (said, LAYOUTS, _ICON_STYLES, _FONTS):
        assert not set(parts["train"]) & set(parts["test"])


def _fits(widget, case):
    """Whether a stranger could say that of the widget, judged by words alone."""
    from builtin_model.pointing_cases import words_of

    said = set(case.target[slice(*case.mention)].lower().split()) - {"labelled"}
    return said <= set(words_of(widget))


def test_a_question_fits_exactly_one_widget_of_its_screen(drawn_screens):
    from builtin_model.case import POINTING_KINDS
    from builtin_model.pointing_cases import pointing_cases

    seen = set()
    for screen in drawn_screens["train"]:
        for case in pointing_cases(screen.widgets, 40, POINTING_KINDS, Random(1)):
            seen.add(case.kind)
            if case.kind in ("colour", "shape", "mixed"):
                assert [widget for widget in screen.widgets if _fits(widget, case)] == [case.widget], case.target
            else:
                assert case.kind == "ordinal" or _fits(case.widget, case), case.target
    assert seen == set(POINTING_KINDS)


def test_an_ordinal_counts_in_the_order_of_reading_and_is_silent_where_that_is_in_doubt():
    from builtin_model.pointing_cases import pointing_cases
    from builtin_model.widgets import Widget

    def button(x, y, colour="red"):
        return Widget("button", Rect(x, y, 40, 20), colour)

    rows = [button(100, 10), button(10, 12), button(10, 60), button(60, 60, "blue")]
    said = {case.target: case.widget for case in pointing_cases(rows, 20, ("ordinal",), Random(1))}
    assert said["the first red button"] is rows[1]
    assert said["the second red button"] is rows[0]
    assert said["the third red button"] is rows[2]
    assert said["the fourth button"] is rows[3]
    assert pointing_cases([button(10, 10), button(100, 20)], 20, ("ordinal",), Random(1)) == []


def test_every_icon_is_drawn_in_every_style_and_differs_from_all_others():
    from builtin_model.icons import ICONS, icon_mask
    from builtin_model.looks import _ICON_STYLES

    for style in (*_ICON_STYLES["train"], *_ICON_STYLES["test"]):
        masks = [np.asarray(icon_mask(icon, 24, style), float) / 255 for icon in ICONS]
        assert min(mask.mean() for mask in masks) > 0.02
        for one, other in itertools.combinations(masks, 2):
            assert np.abs(one - other).mean() > 0.02
    names = [name for icon in ICONS for name in icon.names]
    assert len(names) == len(set(names))


@given(st.integers(0, 190), st.integers(0, 126), st.integers(2, 60), st.integers(2, 60))
@settings(max_examples=200, deadline=None)
def test_the_middle_of_a_cell_lies_in_any_bounds_that_are_wider_than_a_cell(x, y, width, height):
    from builtin_model.picture_feed import cell_of

    bounds = Rect(x, y, min(width, 192 - x), min(height, 128 - y))
    column, row = cell_of(bounds, (192, 128), 100)
    middle = (column + 0.5) * 1.92, (row + 0.5) * 1.28
    if bounds.width >= 2:
        assert bounds.x <= middle[0] < bounds.right
    assert bounds.y <= middle[1] < bounds.bottom


@pytest.fixture(scope="module")
def order(kit):
    from builtin_model.case import POINTING_KINDS
    from builtin_model.picture_feed import PictureOrder

    return PictureOrder(seed=4, split="train", kit=kit, kinds=POINTING_KINDS, screens=3, per_screen=5, patch=16)


def test_a_batch_says_where_and_what_each_question_means(order, seeing_tokeniser):
    from builtin_model.picture_feed import picture_batch

    batch = picture_batch(order, seeing_tokeniser)
    questions = [question for screen in batch.screens for question in screen.questions]
    assert len(questions) == batch.questions == len(batch.bounds)
    for question, cell, (left, top, right, bottom) in zip(questions, batch.cells, batch.bounds, strict=True):
        column, row = seeing_tokeniser.columns[0] + cell[0], seeing_tokeniser.rows[0] + cell[1]
        assert question.answer == (column, row, seeing_tokeniser.end)
        patch = question.element - 1
        assert abs((patch % 20) * 16 + 8 - (left + right) / 2) <= 9
        assert abs((patch // 20) * 16 + 8 - (top + bottom) / 2) <= 9
        assert seeing_tokeniser.decode(question.prompt).startswith("click ")
    assert (batch.patch_cells >= 0).all(1).sum() > 20
    assert ((batch.patch_cells < 0).all(1) == (batch.patch_words[:, 0] == seeing_tokeniser.padding)).all()


def test_batches_are_the_same_for_the_same_seed_and_from_other_processes(order, seeing_tokeniser):
    from builtin_model.picture_feed import PictureFeed, picture_batch

    with PictureFeed(order, seeing_tokeniser, workers=1, first=7) as feed:
        batch = next(iter(feed))
    again = picture_batch(replace(order, seed=4 * 1_000_003 + 7), seeing_tokeniser)
    assert batch.number == 7
    np.testing.assert_array_equal(batch.pixels, again.pixels)
    assert batch.screens == again.screens


def test_a_run_with_pictures_goes_on_where_it_was_left_and_reads_lists_between(tmp_path, monkeypatch, kit):
    from builtin_model import sighted_training, training
    from builtin_model.network import Shape
    from builtin_model.recipes import RECIPES
    from builtin_model.stored import Run

    recipe = RECIPES["tiny-vision"]
    small = replace(
        recipe,
        shape=Shape(layers=4, width=64, heads=2, head_width=32, inner=96, context=2048),
        sight=replace(recipe.sight, layers=1, width=64, heads=2, inner=64, reads=True),
        pictures=replace(recipe.pictures, kit=kit, screens=2, per_screen=2, share=0.5),
        merges=60,
        text_screens=4,
        block_screens=3,
        per_screen=2,
    )
    monkeypatch.setitem(RECIPES, "tiny-vision", small)
    monkeypatch.setattr(sighted_training, "TEXT_SCREENS", 4)
    monkeypatch.setattr(training, "REPORT_EVERY", 2)
    monkeypatch.setattr(training, "LOOK_EVERY", 1)
    run = Run(tmp_path / "run")
    started = sighted_training.SightedTraining(run, resume=False, recipe="tiny-vision", seed=4, device="cpu")
    started.learn(training.Budget(0, steps=4), workers=1, evaluations=0)
    again = sighted_training.SightedTraining(run, resume=True, recipe="tiny-vision", seed=4, device="cpu")
    assert (again.progress.step, again.progress.pictures) == (4, 2)
    torch.testing.assert_close(again.network.state_dict(), started.network.state_dict())
    rows = [training.msgspec.json.decode(line) for line in run.log.read_bytes().splitlines()]
    assert {"hit", "patches", "element"} <= rows[-1].keys()
    assert 0 <= again.evaluate(2)["held-out hit"] <= 1


def test_the_interval_of_wilson_is_that_of_the_textbook():
    from builtin_model.seeing import wilson

    assert wilson(50, 100) == pytest.approx((0.4038, 0.5962), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
