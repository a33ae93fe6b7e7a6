"""The parts of a calibration, each kept as JSON in a folder, from which the page is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from equipoise.calibrate import elsewhere, plain, sets, unfitted
from equipoise.calibrate.crowd import Crowd
from equipoise.calibrate.fit import Aim, Fit, Free, Progress, fit
from equipoise.calibrate.page import page, tornado_of
from equipoise.calibrate.plain import Plain
from equipoise.calibrate.sensitivity import sensitivity
from equipoise.calibrate.writing import rewritten
from equipoise.errors import StudyError
from equipoise.protocol.model import Text
from equipoise.protocol.whole import Study
from equipoise.simulate.enrolment import with_values

POPULATION: Final = "population.yaml"
KEPT: Final = 40  # parameter sets


@dataclass(frozen=True)
class Work:
    """A fit and what is made of it.

    Attributes:
        study: As it was before the fit.
        fit: The fit.
        folder: Where the parts are kept.
    """

    study: Study
    fit: Fit
    folder: Path
    progress: Progress

    @property
    def _aim(self) -> Aim:
        return self.fit.aim

    @property
    def _best(self) -> Study:
        return with_values(self._aim.crowd.study, self.fit.values)

    @property
    def source(self) -> Text:
        """Where fitted values come from, for the files."""
        crowd, targets = self._aim.crowd, len(self._aim.targets)
        return Text(
            en=f"calibrated on published.yaml: seed {crowd.seed}, {len(crowd.trials)} trials, "
            f"sum of z² {self.fit.sum_of_squares:.1f} over {targets} targets",
            zh=f"按published.yaml校准：种子{crowd.seed}，{len(crowd.trials)}次试验，"
            f"{targets}个目标的z²之和为{self.fit.sum_of_squares:.1f}",
        )

    def fitted(self) -> Plain:
        """The fit itself."""
        return self._kept("fit", plain.plain_fit(self.fit, self.study))

    def write_population(self) -> None:
        """Write the fitted values back to the study's ``population.yaml``."""
        path = self.study.folder / POPULATION
        text = rewritten(path.read_text(encoding="utf-8"), self.fit.values, self.source)
        path.write_text(text, encoding="utf-8")

    def make(self, part: str) -> None:
        """Make one of the parts of the page."""
        makers = {
            "ensemble": self.ensemble,
            "sensitivity": self.sensitivity,
            "without": self.without,
            "predictions": self.predictions,
        }
        makers[part]()

    def ensemble(self) -> None:
        """Draw the sets that fit about as well."""
        found = sets.sets_around(
            self.fit, keep=KEPT, seed=self._aim.crowd.seed, progress=self.progress
        )
        self._kept("ensemble", plain.plain_sets(found, self.study))
        text = sets.written(found, self.source.en)
        (self.folder / sets.FILE).write_text(text, encoding="utf-8")

    def write_ensemble(self) -> None:
        """Put the sets into the study's folder."""
        text = (self.folder / sets.FILE).read_text(encoding="utf-8")
        (self.study.folder / sets.FILE).write_text(text, encoding="utf-8")

    def sensitivity(self) -> None:
        """Move every number of the model and of the titration table; draw each result."""
        crowd = self._aim.crowd
        effects = sensitivity(
            self._best, trials=len(crowd.trials), seed=crowd.seed, progress=self.progress
        )
        found = self._kept("sensitivity", plain.plain_sensitivity(self.fit, effects, self.study))
        for place, target in enumerate(found["targets"]):
            figure = self.folder / f"tornado-{target['id'].replace('@', '-')}.svg"
            figure.write_text(tornado_of(found, place), encoding="utf-8")

    def without(self) -> None:
        """Fit again without each part of the model, and with each part that is off.

        A part is a parameter that can be 0 and is not a share of people or readings.
        """
        known = self.study.populated().parameters
        rows = [
            self._again(name, 0.0)
            for name, one in known.items()
            if one.low == 0.0 < one.value and one.status != "known" and one.unit != "share"
        ]
        rows += [
            self._again(name, (one.low + one.high) / 2.0)
            for name, one in known.items()
            if one.value == one.low == 0.0 and one.high is not None and name not in self.fit.values
        ]
        self._kept("without", {"parts": rows})

    def _again(self, name: str, value: float) -> Plain:
        """How well all others fit with this parameter held."""
        known = self.study.populated().parameters
        free = Free.of(self.study, (name, *self._held))
        aim = self._aim.held(with_values(self._aim.crowd.study, {name: value}))
        found = plain.plain_fit(fit(aim, free, free.at(self.fit.values), self.progress), self.study)
        off = value == 0.0
        level = f"{value:.3g} {known[name].unit}".removesuffix(" 1")
        what = f"without `{name}`" if off else f"with `{name}` at {level}"
        return {"what": what} | {key: found[key] for key in ("sum_of_squares", "worst")}

    @property
    def _held(self) -> tuple[str, ...]:
        """Calibrated parameters that this fit holds."""
        return tuple(name for name in Free.of(self.study).names if name not in self.fit.values)

    def predictions(self) -> None:
        """Predict what was not used."""
        crowd = self._aim.crowd
        found = elsewhere.predictions(
            self._best, trials=len(crowd.trials), seed=crowd.seed, progress=self.progress
        )
        lives = Crowd(self._best, crowd.trials, crowd.seed).live()
        printed = unfitted.printed_p_values(lives)
        self._kept("predictions", plain.plain_predictions(found, printed))

    def write_page(self, path: Path) -> None:
        """Write the validation page and its figure, from the parts that are there.

        Raises:
            StudyError: A part is missing.
        """
        names = ("fit", "ensemble", "sensitivity", "without", "predictions")
        files = {name: self.folder / f"{name}.json" for name in names}
        missing = [name for name, path in files.items() if not path.is_file()]
        if missing:
            raise StudyError(
                f"{self.folder}: for the page {', '.join(missing)} must be there; "
                f"`equipoise validate` without --part makes all"
            )
        read = {name: json.loads(path.read_text("utf-8")) for name, path in files.items()}
        figure = path.with_name(f"{path.stem}-tornado.svg")
        figure.write_text(tornado_of(read["sensitivity"], 0), encoding="utf-8")
        path.write_text(page(self.study, read, figure.name), encoding="utf-8")

    def _kept(self, name: str, part: Plain) -> Plain:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(part, indent=1, ensure_ascii=False)
        (self.folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        return part
