# Only the sources that the fuzzers reach are compiled with the sanitizers, because those of all Winnow would take many minutes.

# fuzzed(NAME FOLDER SOURCE…): a library with these sources of a folder.
function(fuzzed name folder)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/${folder}/")
  winnow_library(fuzzed_${name} SOURCES ${ARGN} DEPENDS tl::expected Microsoft.GSL::GSL)
endfunction()

fuzzed(config config error.cpp files/open_file.cpp settings/env_file.cpp settings/meant_variable.cpp text/json_text.cpp text/number_text.cpp
       text/quoted_text.cpp text/text_encoding.cpp text/text_file.cpp text/unicode_blank.cpp)
fuzzed(http http connection/request_parser.cpp connection/request_reader.cpp connection/request_target.cpp message.cpp
       percent_decoding.cpp trace_context.cpp)
target_link_libraries(fuzzed_http PUBLIC fuzzed_config Boost::boost nlohmann_json::nlohmann_json Threads::Threads)
fuzzed(redis redis command_batch.cpp embedded/record.cpp fleet/fleet_replies.cpp keys.cpp list_check.cpp list_record.cpp
       list_write.cpp profile.cpp refusal.cpp reply.cpp store_protocol.cpp)
target_link_libraries(fuzzed_redis PUBLIC fuzzed_config PkgConfig::hiredis ZLIB::ZLIB nlohmann_json::nlohmann_json)
fuzzed(files models/files checked_file.cpp csv_field.cpp csv_reader.cpp file_digest.cpp file_stamp.cpp
       first_lines.cpp foreign_format.cpp gzip_data.cpp input_file.cpp mapped_file.cpp output_file.cpp part_files.cpp quoted_record.cpp
       sealed_file.cpp text_bytes.cpp
       text_file.cpp)
target_link_libraries(fuzzed_files PUBLIC fuzzed_config ZLIB::ZLIB PkgConfig::libxxhash)
fuzzed(checkpoint models/checkpoint checkpoint.cpp parameter_names.cpp pickle_globals.cpp pickle_machine.cpp
       pickle_reader.cpp state_dict.cpp tensor_storage.cpp zip_archive.cpp)
target_link_libraries(fuzzed_checkpoint PUBLIC fuzzed_files)
fuzzed(tables models catalogue/float_table.cpp catalogue/id_column.cpp catalogue/id_table.cpp catalogue/item_counts.cpp
       catalogue/kept_table.cpp catalogue/stored_rows.cpp catalogue/table_cache.cpp kernels/half_kernels.cpp recall/kept_index.cpp
       transitions/kept_transitions.cpp transitions/transition_file.cpp)
fuzzed(log config log/event_ring.cpp log/line_writer.cpp log/log.cpp log/log_line.cpp log/standard_streams.cpp
       settings/duration.cpp settings/setting_value.cpp)
target_link_libraries(fuzzed_tables PUBLIC fuzzed_files fuzzed_log PkgConfig::libhwy)
fuzzed(interactions models/training/interactions column_names.cpp history_order.cpp interaction_form.cpp
       interaction_reader.cpp interaction_rows.cpp interactions.cpp item_metadata.cpp item_table.cpp metadata_encoding.cpp
       row_report.cpp)
fuzzed(text config settings/suggestion.cpp text/unix_time.cpp)
target_link_libraries(fuzzed_interactions PUBLIC fuzzed_tables fuzzed_text)
fuzzed(asking models asking/list_query.cpp attributes/attribute_value.cpp attributes/item_attributes.cpp
       attributes/item_filter.cpp rules/rules_file.cpp rules/rules_in_words.cpp rules/shop_rules.cpp)
target_link_libraries(fuzzed_asking PUBLIC fuzzed_tables fuzzed_text nlohmann_json::nlohmann_json)
fuzzed(kafka actors kafka/event_history.cpp kafka/message_parser.cpp kafka/message_reader.cpp kafka/python_json.cpp
       pipeline/profile_digest.cpp)
target_link_libraries(fuzzed_kafka PUBLIC fuzzed_redis PkgConfig::libxxhash)
