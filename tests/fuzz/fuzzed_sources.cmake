# Only the sources that the fuzzers reach are compiled with the sanitizers, because those of all Winnow would take many minutes.

# fuzzed(NAME FOLDER SOURCE…): a library with these sources of a folder.
function(fuzzed name folder)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${folder}/")
  winnow_library(fuzzed_${name} SOURCES ${ARGN} DEPENDS tl::expected Microsoft.GSL::GSL)
endfunction()

fuzzed(config config error.cpp files/draft_lock.cpp files/file_name.cpp files/open_file.cpp settings/sources/env_file.cpp
       settings/sources/meant_variable.cpp text/control_characters.cpp text/json_text.cpp text/number_text.cpp text/quoted_text.cpp text/text_encoding.cpp text/text_file.cpp text/unicode_blank.cpp)
fuzzed(http http connection/request_parser.cpp connection/request_reader.cpp connection/request_target.cpp message.cpp
       percent_decoding.cpp trace_context.cpp)
target_link_libraries(fuzzed_http PUBLIC fuzzed_config Boost::boost nlohmann_json::nlohmann_json Threads::Threads)
fuzzed(redis redis connection/command_batch.cpp connection/node_failure.cpp connection/refusal.cpp connection/reply.cpp
       embedded/record.cpp fleet/fleet_replies.cpp records/keys.cpp records/list_record.cpp records/profile.cpp
       store/list_check.cpp store/list_write.cpp store/store_protocol.cpp)
target_link_libraries(fuzzed_redis PUBLIC fuzzed_config PkgConfig::hiredis ZLIB::ZLIB nlohmann_json::nlohmann_json)
fuzzed(files models/files checked_file.cpp csv_field.cpp csv_quoted_records.cpp csv_reader.cpp decimal_comma.cpp file_digest.cpp
       file_stamp.cpp first_lines.cpp foreign_format.cpp gzip_data.cpp header_names.cpp id_field.cpp input_file.cpp mapped_file.cpp output_file.cpp part_files.cpp quoted_record.cpp
       sealed_file.cpp text_bytes.cpp
       text_file.cpp)
target_link_libraries(fuzzed_files PUBLIC fuzzed_config ZLIB::ZLIB PkgConfig::libxxhash)
fuzzed(checkpoint models/checkpoint checkpoint.cpp parameter_names.cpp pickle_globals.cpp pickle_machine.cpp
       pickle_reader.cpp state_dict.cpp tensor_storage.cpp zip_archive.cpp)
target_link_libraries(fuzzed_checkpoint PUBLIC fuzzed_files)
fuzzed(tables models catalogue/control_ids.cpp catalogue/float_table.cpp catalogue/id_column.cpp catalogue/id_table.cpp catalogue/item_counts.cpp
       catalogue/kept_table.cpp catalogue/stored_rows.cpp catalogue/table_cache.cpp kernels/half_kernels.cpp recall/kept_index.cpp
       transitions/kept_transitions.cpp transitions/transition_file.cpp)
fuzzed(log config log/event_ring.cpp log/line_writer.cpp log/log.cpp log/log_line.cpp log/standard_streams.cpp
       settings/table/setting_value.cpp settings/values/duration.cpp)
target_link_libraries(fuzzed_tables PUBLIC fuzzed_files fuzzed_log PkgConfig::libhwy)
fuzzed(interactions models/training/interactions columns/chosen_columns.cpp columns/column_names.cpp columns/column_role.cpp
       form/form_detection.cpp form/form_remarks.cpp form/interaction_form.cpp form/item_list_check.cpp
       form/quoted_lines.cpp history_order.cpp interaction_reader.cpp interaction_rows.cpp interactions.cpp item_metadata.cpp item_table.cpp item_table_writer.cpp
       log_order.cpp metadata_encoding.cpp row_report.cpp)
fuzzed(text config settings/suggestion.cpp text/unix_time.cpp)
target_link_libraries(fuzzed_interactions PUBLIC fuzzed_tables fuzzed_text)
fuzzed(asking models asking/list_query.cpp attributes/attribute_value.cpp attributes/column_typing.cpp attributes/filtered_rows.cpp
       attributes/item_attributes.cpp attributes/item_filter.cpp attributes/row_set.cpp kernels/filter_kernels.cpp
       rules/rules_file.cpp rules/rules_in_words.cpp rules/shop_rules.cpp)
target_link_libraries(fuzzed_asking PUBLIC fuzzed_tables fuzzed_text nlohmann_json::nlohmann_json)
fuzzed(kafka actors kafka/event_history.cpp kafka/message_parser.cpp kafka/message_reader.cpp kafka/python_json.cpp
       pipeline/profile_digest.cpp)
target_link_libraries(fuzzed_kafka PUBLIC fuzzed_redis PkgConfig::libxxhash)
