"""What was seen to fail, and the tests that answer it: each of them is there.

Owns the table. The four attacks on an early version were: the plan and carrying it out ("plan"),
reliability and security ("reliability"), the review as a new user tries it ("review"), and faults of
the house ("house"). A point stands with its number there, in a few words of what was wrong.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parents[1]


class Point(NamedTuple):
    """One point of an attack.

    Attributes:
        number: the attack and its number there.
        wrong: what was wrong.
        tests: file below ``tests`` without its ending -> tests in it, without "test_".
    """

    number: str
    wrong: str
    tests: dict[str, tuple[str, ...]]


POINTS = (
    Point("plan 1", "a list that could not be used ended the run and everything behind it; failing ended with exit 0", {
        "cli/test_cli_deciding": (
            "a_list_is_looked_up_when_it_is_planned", "a_list_is_made_where_asked",
            "a_list_planned_before_signing_in_stops_nothing_behind_it", "an_apply_of_which_something_failed_is_exit_1"),
        "services/test_services_ramping": ("one_bad_item_of_a_few_stops_no_other",),
    }),
    Point("plan 2", "by hand without cap or counter, ticks in no journal, odd sentences", {
        "terminal/test_terminal_by_hand": ("one_key_an_account_up_to_the_days_cap", "a_key_held_down_records_nothing"),
        "ui/test_ui_plan": ("the_caps_of_a_day_are_kept_by_hand",),
        "cli/test_cli_worksheets": (
            "every_click_is_listed_with_who_why_and_what_came_of_it",
            "every_outcome_comes_back_and_undo_restores_the_plan"),
        "services/test_services_applying": ("the_first_refusal_turns_the_rest_to_by_hand",),
        "cli/test_cli_deciding": ("what_x_refuses_goes_by_hand",),
    }),
    Point("plan 3", "a follow after an unfollow was taken; no quiet hours; no way back", {
        "services/test_services_applying": ("no_follow_after_an_unfollow_for_thirty_days",),
        "services/test_services_pacing": ("in_quiet_hours_nothing_is_sent_and_nothing_opened",),
        "services/test_services_reversing": ("a_batch_of_unfollows_is_followed_again", "each_action_has_its_way_back"),
        "cli/test_cli_planning": ("what_was_done_is_taken_back",),
        "x/test_x_simulator": ("a_batch_is_taken_back_at_the_sandbox_as_a_server",),
    }),
    Point("plan 4", "a limit was said without its day", {
        "services/test_services_time": ("a_limit_says_day_and_time_where_the_person_lives",),
        "cli/test_cli_deciding": ("a_full_rate_window_is_exit_3_and_goes_on_later",),
    }),
    Point("plan 5", "keys that are refused named a command that did not exist", {
        "x/test_x_client": ("wrong_keys_are_refused", "no_keys_no_client"),
        "house/test_house_texts": ("commands_written_in_texts_exist",),
    }),
    Point("plan 6", "the worksheet said no reason and carried ids of 19 digits", {
        "cli/test_cli_worksheets": (
            "a_sheet_says_why_and_holds_no_long_number", "what_a_spreadsheet_does_to_digits_costs_no_answer"),
        "cli/test_cli_worksheet_libreoffice": ("every_outcome_survives_the_round_trip_through_a_workbook",),
    }),
    Point("plan 7", "the level of access was not known and the API offered first", {
        "ui/test_ui_plan": (
            "a_pay_per_use_account_is_not_offered_the_api", "the_api_runs_only_after_the_count_is_typed"),
        "services/test_services_pacing": ("pay_per_use_one_refusal_and_all_of_it_goes_by_hand",),
    }),
    Point("plan 8", "going on over days waited at a limit, for every action", {
        "cli/test_cli_planning": ("going_on_over_days_asks_for_the_switch_and_the_number",),
        "services/test_services_unattended": (
            "it_is_off_as_shipped", "it_spreads_the_plan_over_days", "only_unfollow_and_unmute_go_on",
            "it_stops_at_the_first_surprise"),
    }),
    Point("review 1", "a guard asked for a rejection the screen could not give: Possible, Plan and palette had none", {
        "ui/test_ui_confirming": (
            "possible_matches_are_answered_by_the_same_keys", "marked_matches_are_rejected_in_bulk_after_a_look"),
        "ui/test_ui_keystrokes": ("rejecting_a_generic_employer_after_a_sample_takes_8_keys",),
        "ui/test_ui_menus": (
            "the_guard_of_a_planned_account_is_released_in_the_plan",
            "a_match_of_a_planned_account_is_rejected_where_it_is_read"),
        "ui/test_ui_verbs_beyond": ("every_command_has_a_verb_on_the_screen_or_a_reason",),
    }),
    Point("review 2", "what was put off in the plan had no day and no key back", {
        "ui/test_ui_plan": ("what_was_put_off_says_its_day_and_comes_back_with_a_key",),
    }),
    Point("review 3", "a verb with nothing to do said nothing; many verbs were in no palette", {
        "services/test_services_foreseeing": ("a_decision_that_asks_nothing_of_x_says_so",),
        "ui/test_ui_verbs_beyond": (
            "every_command_has_a_verb_on_the_screen_or_a_reason", "every_action_of_the_plan_has_a_verb",
            "what_no_decision_plans_is_planned_from_the_palette", "files_are_written_from_the_palette",
            "the_doctor_reports_on_the_screen"),
    }),
    Point("review 5", "ticks where nothing was decided, one tick for yes, no and not sure, doubled messages", {
        "ui/test_ui_deciding": ("a_suggestion_that_is_not_there_decides_nothing",),
        "ui/test_ui_confirming": (
            "yes_no_and_not_sure_answer_the_match_in_sight",
            "each_answer_has_its_own_sign_and_undo_takes_the_signs_off"),
        "ui/test_ui_menus": ("what_is_not_decided_is_said_once",),
    }),
    Point("review 6", "by hand the total shrank, back took an older click, a held key recorded 30, no cap, no handle", {
        "ui/test_ui_plan": (
            "the_place_among_all_stays_and_back_takes_a_later_too",
            "a_held_key_records_nothing_and_a_page_has_to_be_open_for_a_while", "the_caps_of_a_day_are_kept_by_hand",
            "by_hand_every_click_is_its_own_confirmation"),
        "services/test_services_applying": (
            "what_is_put_off_by_hand_is_a_gesture_of_the_journal",
            "back_one_takes_what_was_put_off_back_in_the_journal_too"),
        "terminal/test_terminal_by_hand": ("one_key_an_account_up_to_the_days_cap",),
    }),
    Point("review 7", "the API's price and days for an account that is refused; one reason on every row", {
        "ui/test_ui_plan": ("a_pay_per_use_account_is_not_offered_the_api",),
        "services/test_services_pacing": ("the_plan_says_on_which_day_it_is_done",),
        "services/test_services_applying": (
            "the_plan_is_grouped_by_what_the_accounts_are_worst_first",
            "every_number_of_the_plan_opens_the_rows_it_counts"),
    }),
    Point("review 8", "the bulk question did not say what comes of it; its sample was narrow and without bio", {
        "services/test_services_foreseeing": ("what_is_foreseen_is_what_happens",),
        "ui/test_ui_menus": ("a_bulk_question_says_what_comes_of_it_and_shows_what_one_decides_by",),
    }),
    Point("review 11", "real exports looked empty: blank columns, the bio in the card only, the sort arrow cut off", {
        "ui/test_ui_columns": (
            "columns_fill_the_width", "columns_without_values_fold_and_leave_their_room_to_the_bio",
            "a_bare_export_shows_what_its_accounts_say", "where_there_is_no_reason_the_bio_stands_in_its_place",
            "where_reasons_are_few_the_bio_has_their_room", "the_column_one_sorts_by_is_shown_at_any_width",
            "signs_stand_in_a_column_of_their_own"),
        "ui/test_ui_moving": (
            "rows_around_the_cursor_stay_in_sight", "the_column_sorted_by_shows_its_arrow_at_any_width"),
    }),
    Point("review 13", "menus past nine, crooked counts, blank lists, no other, bio covered, few ways to mark alike", {
        "ui/test_ui_menus": (
            "the_menu_of_kinds_leaves_the_bio_in_sight_and_knows_every_kind",
            "a_long_menu_has_a_key_for_every_line_and_its_columns_stand_straight",
            "marking_alike_goes_by_bio_domain_wave_company_list_and_band",
            "where_nothing_matches_a_sentence_says_so"),
        "ui/test_ui_marking": ("count_by_marks_the_rows_of_a_value", "alike_and_counts_say_reasons_in_words"),
    }),
    Point("review 14", "a range did not count, queues lost the place, dead keys, footer and Up while filtering", {
        "ui/test_ui_marking": ("a_range_counts_as_it_grows",),
        "ui/test_ui_going": (
            "every_queue_is_left_and_found_at_its_row", "queues_are_walked_and_the_plan_is_one_of_them"),
        "ui/test_ui_menus": (
            "a_key_of_another_screen_says_where_it_means_something",
            "the_footer_names_the_keys_of_the_filter_while_it_is_typed"),
        "ui/test_ui_filter_history": ("up_brings_earlier_filters_back_and_down_what_was_typed",),
    }),
    Point("review 15", "one note for many marks, a tag's digit that took nothing off, tags without a place", {
        "ui/test_ui_deciding": ("a_note_on_marks_adds_a_line_to_each", "a_tags_digit_takes_it_off_again"),
        "ui/test_ui_columns": ("a_column_unfolds_when_its_first_value_comes",),
    }),
    Point("review 16", "Caps Lock ran verbs; the strip of the last decisions was wrong and knew no matches", {
        "ui/test_ui_caps_lock": (
            "a_capital_that_is_no_verb_asks", "two_different_capital_verbs_in_a_row_ask_before_the_second"),
        "services/test_services_review_session": (
            "the_last_decisions_come_newest_first_with_who_and_when", "several_in_one_second_keep_their_order"),
        "ui/test_ui_looking_back": ("an_answer_to_a_match_is_changed_by_y_n_and_withdrawn",),
    }),
    Point("review 17", "own handle ignored, a rival stayed unclear, saving judged nobody, employees by badge only", {
        "services/test_services_own_handle": (
            "every_page_names_the_same_account_as_ours",
            "who_names_the_handle_an_archive_named_is_an_employee_before_anything_is_said"),
        "ui/test_ui_going": ("saving_who_we_are_judges_again_at_once",),
        "ui/test_ui_first_minutes": ("after_the_first_file_it_is_asked_who_we_are",),
        "quality/test_brand": ("a_bio_that_names_us_as_employer_is_seen",),
    }),
    Point("review 18", "the import asked over its columns, took stray keys, asked nothing again, never said exporter", {
        "ui/test_ui_first_minutes": (
            "a_question_leaves_the_columns_in_sight", "keys_typed_while_it_looks_answer_no_question",
            "only_keys_that_do_something_are_named"),
        "ui/test_ui_importing": (
            "a_asks_again_what_was_answered", "the_screen_says_where_files_come_from_until_one_is_chosen",
            "a_readme_is_offered_only_where_it_is_asked_for"),
    }),
    Point("review 19", "settings described nowhere and wrong ones taken; the never-follow list a tag nobody knew", {
        "house/test_house_texts": (
            "every_key_of_the_settings_file_and_every_variable_is_in_the_topic_settings",
            "the_tag_that_holds_back_a_follow_is_told_with_its_ways_in"),
        "cli/test_cli_settings": (
            "a_wrong_setting_is_one_line_and_writes_nothing",
            "a_file_that_cannot_be_used_stops_every_command_with_its_line"),
        "ui/test_ui_settings": ("a_key_changes_at_once_and_goes_into_the_file",),
        "cli/test_cli_sheets": ("a_never_follow_list_holds_back_a_follow",),
    }),
    Point("review 20", "low contrast, times in UTC, signs and figures of the top line explained last or nowhere", {
        "ui/test_ui_contrast": (
            "a_row_can_be_read_in_every_state_and_theme", "every_screen_can_be_read_in_every_theme_offered"),
        "services/test_services_time": ("dates_on_the_card_and_in_the_journal_are_the_persons",),
        "ui/test_ui_layout": ("the_help_begins_with_the_signs_and_figures_of_the_screen",),
    }),
    Point("review 21", "the demo: clicks that never happened, sites that are no domains, nobody harmful, jumps", {
        "demo_audience/test_demo_clicks": ("clicks_by_hand_are_so_a_week_later",),
        "demo_audience/test_demo_sites": ("what_is_made_up_has_domains", "sites_decide_matches_of_the_demo"),
        "demo_audience/test_demo_truth": (
            "judging_finds_most_of_the_bots_and_harmful_accounts_that_were_built",),
        "ui/test_ui_going": ("a_week_of_the_demo_says_which_day_it_is_then",),
    }),
    Point("house 19", "the journal without calls, clicks, words and handles; undo crossed reviewers unasked", {
        "cli/test_cli_worksheets": ("every_click_is_listed_with_who_why_and_what_came_of_it",),
        "cli/test_cli_planning": ("the_journal_keeps_the_words_of_a_drop",),
        "cli/test_cli_looking": ("views_and_journal",),
        "cli/test_cli_deciding": (
            "another_reviewers_gesture_is_not_reversed_unasked", "what_the_review_did_is_not_undone_unasked"),
        "services/test_services_review_session": ("what_was_undone_reads_as_withdrawn",),
    }),
    Point("house 20", "messages, journal and the undo question never said which account", {
        "services/test_services_foreseeing": ("a_gesture_on_one_account_names_it_until_it_is_removed",),
        "ui/test_ui_asides": ("the_journal_shows_undoes_and_returns",),
        "ui/test_ui_deciding": ("undo_names_the_account_it_would_take_back_from_another",),
    }),
    Point("house 25", "a slip in a name or number meant everybody; fields of the JSON and has: were missing", {
        "services/test_services_unknown_names": (
            "a_slip_is_pointed_at_and_the_nearest_name_offered",
            "each_open_vocabulary_is_looked_through_wherever_the_name_stands"),
        "ui/test_ui_going": (
            "a_name_that_finds_nobody_is_pointed_at_and_the_filter_holds", "names_of_lists_and_tags_are_completed"),
        "query/test_query_parsing": ("an_error_points_at_the_place",),
        "cli/test_cli_looking": (
            "what_the_json_says_is_asked_for_by_its_name", "a_name_that_finds_nobody_is_said_beside_the_result"),
        "services/test_services_known_names": (
            "has_asks_for_company_list_owner_and_days", "companies_and_owners_of_matches_are_offered"),
        "store/test_store_evaluating": ("every_term_equals_its_sql",),
    }),
    Point("reliability 1", "derived files were believed: confirmed customers unfollowed", {
        "reliability/test_guarded_never_sent": ("a_zeroed_cache_and_a_store_copied_back_send_nobody_guarded",),
        "store/test_store_arrays": (
            "a_spoiled_cache_is_ignored", "another_stores_cache_is_ignored",
            "a_store_copied_back_beside_its_newer_cache_is_not_served_by_it"),
        "services/test_services_guards": ("the_last_look_reads_the_tables_and_no_array",),
    }),
    Point("reliability 2", "customers of a list that was never compared were unfollowed", {
        "reliability/test_guarded_never_sent": ("a_list_read_half_or_not_compared_holds_its_customers",),
        "cli/test_cli_deciding": ("what_is_not_compared_is_held_counted_and_named",),
    }),
    Point("reliability 3", "a release was for ever and in advance", {
        "services/test_services_guards": (
            "a_release_lifts_the_guard_it_names_and_no_other",
            "a_release_ends_when_what_the_guard_rests_on_changes"),
        "cli/test_cli_deciding": ("a_release_of_nothing_is_refused_and_one_of_something_is_named",),
    }),
    Point("reliability 4", "keep fell to a query that found one account, and to a colleague's old screen", {
        "cli/test_cli_deciding": ("keep_changes_for_a_handle_and_for_no_query",),
        "ui/test_ui_deciding": ("a_colleagues_keep_is_not_overridden_by_a_screen_that_did_not_show_it",),
    }),
    Point("reliability 5", "a renamed customer was a stranger, a kept handle protected nobody", {
        "services/test_services_identity": (
            "a_renamed_customer_stays_matched_and_guarded", "a_kept_handle_protects_the_id_that_has_it_later",
            "no_history_of_renames_loses_a_match_or_a_keep"),
    }),
    Point("reliability 6", "undo and redo, and a lost answer, sent a second call", {
        "services/test_services_exactly_once": (
            "out_apply_undo_redo_apply_sends_once", "what_x_had_done_before_the_kill_is_not_sent_again",
            "what_someone_takes_out_of_the_plan_meanwhile_is_not_asked_about"),
        "crash/test_apply_killed": ("a_plan_under_faults_and_kills_changes_each_account_once",),
        "crash/test_by_hand_killed": ("a_plan_x_refuses_goes_by_hand_and_each_account_changes_once",),
    }),
    Point("reliability 7", "clicks of earlier sessions, confirmed ones too, were taken back", {
        "services/test_services_exactly_once": (
            "clicks_of_an_earlier_session_are_not_undone", "what_a_reading_confirmed_is_not_undone"),
        "cli/test_cli_deciding": ("another_reviewers_gesture_is_not_reversed_unasked",),
    }),
    Point("reliability 8", "a click planned again made every later import fail", {
        "services/test_services_reconciling": ("a_click_that_was_planned_again_does_not_break_the_next_import",),
    }),
    Point("reliability 9", "a store that knew one conversation could not be restored", {
        "store/test_store_restoring": ("a_row_in_every_table_survives_doctor_backup_restore_and_export",),
        "store/test_store_sqlite_versions": ("the_stores_of_every_library_are_restored",),
    }),
    Point("reliability 10", "restoring: a left log, triggers, tracebacks, endless waits, a moment without a store", {
        "store/test_store_restoring": (
            "a_log_of_the_replaced_store_never_reaches_the_restored_one",
            "a_file_that_is_not_built_as_a_store_replaces_nothing", "damaged_backups_cost_one_line_and_nothing_else",
            "a_backup_that_takes_too_long_is_given_up", "there_is_a_store_at_every_moment",
            "settings_come_along_only_where_there_are_none"),
    }),
    Point("reliability 11", "a store removed or replaced under the review took decisions to nowhere", {
        "store/test_store_moved": (
            "a_store_that_is_no_longer_there_takes_no_decision",
            "a_store_that_is_overwritten_in_place_takes_no_decision", "a_full_disk_is_called_a_full_disk"),
    }),
    Point("reliability 12", "dead processes blocked for ever; copies left by a kill were never named", {
        "store/test_store_leases": (
            "a_number_that_another_process_has_now_blocks_nobody", "a_zombie_holds_nothing",
            "after_a_kill_the_lease_is_free_at_once"),
        "cli/test_cli_mending": ("a_killed_backup_blocks_no_name_and_its_copy_is_named_and_cleaned",),
        "crash/test_apply_beside": ("one_works_the_other_says_who_and_a_killed_holder_holds_nothing",),
    }),
    Point("reliability 13", "doctor never content, a log ignored without a word, resume had nothing to say", {
        "services/test_services_applying": ("doctor_is_content_after_a_rate_limit_and_a_change_of_mind",),
        "store/test_store_moved": ("changes_that_cannot_be_read_are_named",),
        "cli/test_cli_private_files": ("resume_says_that_match_goes_on",),
    }),
    Point("reliability 14", "a workbook of one far cell ended the program", {
        "sources/test_workbooks_too_much": (
            "a_stray_blank_far_away_is_left_out", "a_filled_cell_far_away_is_refused_with_its_place",
            "a_cell_no_sheet_has_is_refused", "what_unpacks_to_too_much_is_refused_before_it_is_read"),
    }),
    Point("reliability 15", "names that differ by a number made a million matches", {
        "matching/test_limits": (
            "numbers_must_agree", "one_account_keeps_its_strongest_matches_and_a_word_about_the_rest"),
    }),
    Point("reliability 16", "tracebacks of odd arguments; a megabyte of quotes took a minute", {
        "cli/test_cli_odd_input": (
            "text_that_is_no_utf_8_is_a_usage_error", "a_number_past_the_store_is_a_usage_error",
            "blank_fields_are_refused", "a_megabyte_of_quotes_takes_seconds"),
        "fuzz/test_fuzz": ("no_input_misbehaves", "what_once_misbehaved"),
    }),
    Point("reliability 17", "an own id of 0 was taken for unknown", {
        "x/test_x_client": ("an_own_id_of_zero_is_an_id",),
        "services/test_services_identity": ("an_account_of_id_zero_is_an_account",),
    }),
    Point("reliability 18", "the screen died of keys in a burst", {
        "ui/test_ui_keys": ("no_burst_ends_the_program", "any_keys_in_bursts_leave_the_program_and_the_journal_whole"),
    }),
    Point("reliability 19", "signals left the terminal broken and a lease behind", {
        "terminal/test_terminal_leaving": (
            "a_signal_leaves_a_clean_terminal", "a_terminal_that_goes_away_ends_the_program"),
    }),
    Point("reliability 20", "escapes reached the terminal through names, paths and usage errors", {
        "cli/test_cli_printed": (
            "a_hostile_store_is_printed_harmlessly", "every_hostile_argument_is_printed_harmlessly",
            "a_hostile_file_name_is_printed_harmlessly", "only_the_door_prints"),
        "e2e/test_e2e_hostile": ("stored_text_of_everyone_is_harmless",),
    }),
    Point("reliability 21", "Ctrl-C in the matching after a list said all was well", {
        "terminal/test_terminal_stopping": ("ctrl_c_during_the_matching_after_a_list_says_what_is_left",),
    }),
    Point("reliability 22", "purge left words, files open to all and written through links, exit 0 where all failed", {
        "cli/test_cli_caring": (
            "purge_leaves_nothing_of_a_person", "purge_takes_words_of_name_and_bio_out_of_what_was_typed"),
        "cli/test_cli_private_files": (
            "problems_are_private_and_replace_only_problems", "the_sandbox_saves_its_state_through_no_link"),
        "store/test_store_arrays": ("a_cache_that_is_no_file_of_ours_is_neither_read_nor_written_through",),
        "store/test_store_moved": ("a_name_that_looks_like_an_address_is_a_file_of_that_name",),
        "cli/test_cli_deciding": ("an_apply_of_which_something_failed_is_exit_1",),
        "cli/test_cli_odd_input": ("a_file_of_which_no_row_is_used_fails",),
    }),
)  # fmt: skip

COUNTS = {
    "plan": range(1, 9),
    "review": (1, 2, 3, *range(5, 9), 11, *range(13, 22)),
    "house": (19, 20, 25),
    "reliability": range(1, 23),
}
"""Attack -> numbers of the points this table answers for."""


@cache
def names_in(name: str) -> frozenset[str]:
    """Names of the test functions of a file below ``tests``."""
    tree = ast.parse((TESTS / f"{name}.py").read_text(encoding="utf-8"))
    return frozenset(
        node.name.removeprefix("test_")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    )


def test_every_point_stands_in_the_table_once() -> None:
    assert [point.number for point in POINTS] == [
        f"{attack} {number}" for attack, numbers in COUNTS.items() for number in numbers
    ]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.number)
def test_every_test_named_is_there(point: Point) -> None:
    missing = [f"{name}: {test}" for name, tests in point.tests.items() for test in set(tests) - names_in(name)]
    assert point.tests
    assert missing == []
