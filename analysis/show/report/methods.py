"""The paragraph on methods for a paper, and the works it rests on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.frames.coding.validate import Validation

from ..measured import measure, rows_of

REFERENCES = {
    "rubin": "Rubin, D. B. (1981). The Bayesian bootstrap. Annals of Statistics, 9, 130–134.",
    "newcombe": "Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. "
    "Statistics in Medicine, 17, 873–890.",
    "zou": "Zou, G. Y., & Donner, A. (2008). Construction of confidence limits about effect measures. Statistics "
    "in Medicine, 27, 1693–1702.",
    "chung": "Chung, E., & Romano, J. P. (2013). Exact and asymptotically robust permutation tests. Annals of "
    "Statistics, 41, 484–507.",
    "benjamini": "Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the "
    "Royal Statistical Society B, 57, 289–300.",
    "schuirmann": "Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power "
    "approach. Journal of Pharmacokinetics and Biopharmaceutics, 15, 657–680.",
    "tiwari": "Tiwari, R. C., Clegg, L. X., & Zou, Z. (2006). Efficient interval estimation for age-adjusted "
    "cancer rates. Statistical Methods in Medical Research, 15, 547–569.",
    "holm": "Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of "
    "Statistics, 6, 65–70.",
    "westfall": "Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley.",
    "christiansen": "Christiansen, C. L., & Morris, C. N. (1997). Hierarchical Poisson regression modeling. "
    "Journal of the American Statistical Association, 92, 618–632.",
    "kitagawa": "Kitagawa, E. M. (1955). Components of a difference between two rates. Journal of the American "
    "Statistical Association, 50, 1168–1194.",
    "nopo": "Ñopo, H. (2008). Matching as a tool to decompose wage gaps. Review of Economics and Statistics, 90, "
    "290–299.",
    "hothorn": "Hothorn, T., & Lausen, B. (2003). On the exact distribution of maximally selected rank "
    "statistics. Computational Statistics & Data Analysis, 43, 121–137.",
    "simonsohn": "Simonsohn, U., Simmons, J. P., & Nelson, L. D. (2020). Specification curve analysis. Nature "
    "Human Behaviour, 4, 1208–1214.",
    "steegen": "Steegen, S., Tuerlinckx, F., Gelman, A., & Vanpaemel, W. (2016). Increasing transparency through "
    "a multiverse analysis. Perspectives on Psychological Science, 11, 702–712.",
}
Said = tuple[list[str], list[str]]  # sentences, and the works they cite


def methods_text(
    result: pd.DataFrame, *more: pd.DataFrame, validation: Validation | pd.DataFrame | None = None
) -> str:
    """The paragraph for the paper: how results were made, with the references beneath.

    What the run does not know is left to you, in square brackets.

    Args:
        result, more: tables of ``compare_outlets``, ``outlet_differences``, ``outlet_changes`` or
            ``robustness``. What they have in common is said once.
        validation: from ``validate``; its precision and recall are then told.

    Raises:
        ValueError: a table does not say how it was made.

    >>> import analysis as an
    >>> shares = pd.DataFrame({"economy": [0.1, 0.4]}, index=["a", "b"])
    >>> articles = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "DW", "story_id": ["a", "b"]})
    >>> print(methods_text(an.compare_outlets(shares, articles))[:100])
    We compared the shares of 2 texts from a corpus of 2 articles, outlet by outlet. Articles that repri
    """
    made = [_made(table) for table in (result, *more)]
    said = [SENTENCES[one["step"]](one["settings"], one) for one in made]
    sentences = dict.fromkeys(sentence for told, _ in said for sentence in told)
    text = " ".join([*sentences, _instrument(made, validation), _closing(made)])
    return "\n".join([text, "", *sorted({REFERENCES[name] for _, works in said for name in works})])


def _made(result: pd.DataFrame) -> dict[str, Any]:
    made: dict[str, Any] = result.attrs.get("made") or {}
    if made.get("step") not in SENTENCES:
        raise ValueError(
            "result: it does not say how it was made (.attrs['made']). Give the table as the function returned "
            "it; merging or writing to a file loses this."
        )
    return made


def _about(settings: dict[str, Any], made: dict[str, Any]) -> list[str]:
    count, every = made["from"]["shares"]["rows"], made["from"]["articles"]["rows"]
    unit = (
        "Articles that reprint one story ({stories}) were one observation"
        if settings["stories"] != "doc_id"
        else "Reprints were not told apart: each article was one observation"
    ).format(**settings)
    copies = " and only originals counted" if settings["reprints"] == "original" else ""
    texts = f"{count:,} texts from a corpus of {every:,} articles"
    return [f"We compared the shares of {texts}, {settings['by']} by {settings['by']}.", f"{unit}{copies}."]


def _estimates(settings: dict[str, Any], made: dict[str, Any]) -> Said:
    level, works = f"{settings['level']:.0%}".replace("%", " %"), ["tiwari"]
    text = (
        f"Shares are means over stories, with {level} beta intervals that allow for a story not seen (Tiwari et "
        "al., 2006)."
    )
    if settings.get("simultaneous"):
        text += " Intervals hold for all outlets of a label at once (max-t over Bayesian bootstrap resamples; "
        text += "Westfall & Young, 1993; Rubin, 1981)."
        works += ["westfall", "rubin"]
    if settings.get("pool"):
        text += " Shares were also partially pooled over outlets, beta-binomially (Christiansen & Morris, 1997)."
        works.append("christiansen")
    if settings.get("period"):
        text += f" A story counts in the period (pandas: {settings['period']}) of an outlet's first print of it."
    return [*_about(settings, made), text], works


def _tests(settings: dict[str, Any], made: dict[str, Any]) -> Said:
    if settings["split"]:
        return _parts(settings, made)
    against = "each outlet with all others" if settings["against"] == "rest" else "outlets pairwise"
    works = ["rubin", "newcombe", "zou", "chung", "benjamini"]
    text = (
        f"We compared {against}: differences of mean shares with square-and-add "
        "intervals (Newcombe, 1998; Zou & Donner, 2008) over resampled stories (Rubin, 1981), and studentised "
        f"permutation tests over stories (Chung & Romano, 2013; {settings['relabelings']:,} relabelings, all "
        "where there were fewer), with false discoveries controlled over all comparisons (Benjamini & Hochberg, "
        "1995). A difference is called one where q < .05 and its interval excludes 0. Differences below "
        f"{100 * settings['margin']:g} points were taken not to matter: equivalence by two one-sided tests "
        "(Schuirmann, 1987), corrected over all comparisons (Holm, 1979)."
    )
    works += ["schuirmann", "holm"]
    return [*_about(settings, made), text], works


def _parts(settings: dict[str, Any], made: dict[str, Any]) -> Said:
    text = (
        f"Differences were split into the part found within events that both outlets "
        f"covered (event: {settings['split']}) and the part due to which events they covered (Kitagawa, 1955; "
        "Ñopo, 2008), with square-and-add intervals of the latter (Zou & Donner, 2008); tests exchange outlets "
        "event by event, with false discoveries controlled (Benjamini & Hochberg, 1995)."
    )
    return [*_about(settings, made), text], ["kitagawa", "nopo", "zou", "benjamini", "rubin"]


def _changes(settings: dict[str, Any], made: dict[str, Any]) -> Said:
    text = (
        f"A change is the largest standardised step over all ends of periods (pandas: "
        f"{settings['period']}), tested against {settings['relabelings']:,} random orders of stories (maximally "
        "selected statistics; Hothorn & Lausen, 2003), with false discoveries controlled (Benjamini & Hochberg, "
        "1995)."
    )
    return [*_about(settings, made), text], ["hothorn", "benjamini"]


def _curve(settings: dict[str, Any], made: dict[str, Any]) -> Said:
    options = "; ".join(
        f"{name} ({len(values)})" for name, values in settings["options"].items() if len(values) > 1
    )
    count = made["from"]["articles"]["rows"]
    text = (
        f"The claim was measured on {count:,} articles in every combination of these choices (number of options): "
        f"{options}. We report the whole specification curve (Simonsohn et al., 2020; Steegen et al., 2016)."
    )
    return [text], ["simonsohn", "steegen"]


SENTENCES = {
    "compare_outlets": _estimates,
    "outlet_differences": _tests,
    "outlet_changes": _changes,
    "robustness": _curve,
}


def lexicon_of(made: dict[str, Any]) -> dict[str, Any] | None:
    """The lexicon behind a result, as far back as its inputs tell."""
    for name, given in made.get("from", {}).items():
        found = given if name == "lexicon" else lexicon_of(given.get("made", {}))
        if found:
            return dict(found)
    return None


def _instrument(made: list[dict[str, Any]], validation: Validation | pd.DataFrame | None) -> str:
    lexicon = next((found for one in made if (found := lexicon_of(one))), None)
    if lexicon is None:
        return "[Say how the shares were measured, and how well: precision, recall, coded by whom.]"
    name, digest = lexicon.get("name", "lexicon"), lexicon["sha256"]
    return f"Frames were found by the lexicon {name} (sha256 {digest}) {_how_well(validation)}."


def _how_well(validation: Validation | pd.DataFrame | None) -> str:
    validation = None if validation is None else rows_of(validation)
    if validation is None or validation.empty:
        return "[say its precision and recall]"
    rows = [
        f"{row['label']}: precision {measure(row, 'precision')}, recall {measure(row, 'recall')}"
        for _, row in validation.iterrows()
    ]
    return f"({'; '.join(rows)}; on {validation['n'].max():,} passages [coded by whom])"


def _closing(made: list[dict[str, Any]]) -> str:
    inputs = sorted({(name, value["sha256"]) for one in made for name, value in one["from"].items()})
    given = ", ".join(f"{name} {digest}" for name, digest in inputs)
    seeds = ", ".join(sorted({str(one["settings"].get("seed", "none")) for one in made}))
    used = ", ".join(f"{name} {value}" for name, value in made[0]["versions"].items())
    return f"Seed {seeds}; inputs by their sha256: {given}; {used}."
