"""How each outlet frames the relationship between two countries, and how sure we can be.

Each step takes the table of the one before it and returns a new one.

Read
    ``read_articles``, ``load_example``, ``summarize``, ``read_table``, ``write_table``, ``open_study``
Prepare
    ``clean``, ``mark_copies``, ``passages``
Words
    ``tokenize``, ``Tokens``, ``count_terms``, ``Counts``, ``tfidf``, ``top_terms``, ``distinctive_terms``,
    ``in_context``
Frames
    ``Lexicon``, ``Entry``, ``read_lexicon``, ``write_lexicon``, ``check_lexicon``, ``find_frames``,
    ``frame_shares``, ``hit_positions``
Codes
    ``sample_to_code``, ``read_codes``, ``coder_agreement``, ``majority_codes``, ``validate``, ``Certificate``,
    ``read_certificates``, ``validation_errors``, ``suggest_entries``, ``train_classifier``, ``Classifier``,
    ``with_validation``
Models as coders
    ``read_codebook``, ``code``, ``Endpoint``, ``next_to_code``
Topics
    ``fit_topics``, ``Topics``, ``top_words``, ``topic_passages``, ``topic_cards``, ``topic_quality``,
    ``topic_stability``, ``Stability``, ``choose_k``, ``topic_packages``, ``Packages``,
    ``topic_limits``, ``topic_prevalence``
Compare
    ``Inference``, ``compare_outlets``, ``outlets_differ``, ``outlet_differences``, ``difference_sentence``,
    ``outlet_coverage``, ``outlet_changes``, ``correct_shares``, ``robustness``, ``Robustness``,
    ``entry_influence``, ``convergence``
Copies
    ``compare_copies``, ``Comparison``, ``edit_effects``, ``outlet_cuts``
Show
    ``plot``, ``explore``, ``report``, ``methods_text``, ``checklist``

Parts that few need are imported by their module: ``analysis.topics.intrusion``, ``analysis.topics.exchange``,
``analysis.frames.lookup``, ``analysis.frames.vectorizer``, ``analysis.frames.formats``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
