#include "models/files/csv_field.hpp"
#include "models/files/csv_reader.hpp"

#include "tests/models/fixtures.hpp"

#include <zlib.h>

namespace winnow {

namespace {

using records = std::vector<std::vector<std::string>>;

/// Returns all records, or the error without the path of the temporary file.
result<records> read_all(std::string_view content) {
  const test::temporary_file file(content);
  const auto without_path = [&](const error& why) {
    return fail(why.cause, why.message.substr(file.path().string().size()));
  };
  auto reader = csv_reader::open(file.path());
  if (!reader)
    return without_path(reader.error());
  records all;
  for (;;) {
    const auto more = reader->next();
    if (!more)
      return without_path(more.error());
    if (!*more)
      return all;
    all.emplace_back(reader->fields().begin(), reader->fields().end());
  }
}

void check(std::string_view content, const records& expected) {
  const auto got = test::need(read_all(content));
  BOOST_REQUIRE_EQUAL(got.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(got[i] == expected[i], boost::test_tools::per_element());
}

std::string refusal(std::string_view content) {
  const auto got = read_all(content);
  BOOST_REQUIRE(!got);
  return got.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv_reader_suite)

BOOST_AUTO_TEST_CASE(splits_plain_records) {
  check("a,b,c\n1,,3\n,,\n", {{"a", "b", "c"}, {"1", "", "3"}, {"", "", ""}});
}

BOOST_AUTO_TEST_CASE(accepts_crlf_a_byte_order_mark_and_an_unterminated_last_line) {
  check("\xEF\xBB\xBFitem_id,title\r\n0764227971,x\r\n1,y",
        {{"item_id", "title"}, {"0764227971", "x"}, {"1", "y"}});
}

BOOST_AUTO_TEST_CASE(accepts_cr_alone_if_no_line_ends_otherwise) {
  check("a,b\r1,2\r\r\"x\ry\",\"l\nm\"\r5,6", {{"a", "b"}, {"1", "2"}, {"x\ry", "l\nm"}, {"5", "6"}});
  check("a,b\r", {{"a", "b"}});
  check("a\rb,c\n1,2\n", {{"a\rb", "c"}, {"1", "2"}}); // a stray one
  check("a,b\r\r\n1,2\r\r\n", {{"a", "b\r"}, {"1", "2\r"}});
  BOOST_TEST(refusal("a,b\r\"p\rq\"r,s\r") ==
             ":3:3: expected a comma or the line's end after a closing quote");
}

BOOST_AUTO_TEST_CASE(a_first_line_may_name_the_separator) {
  for (const std::string first :
       {"sep=;\n", "Sep=;\r\n", "\"SEP=;\"\r\n", "\xEF\xBB\xBFsep=;\n", "sep=;\r"}) {
    const auto end = first.back() == '\r' ? "\r" : "\n";
    check(first + "a;b,c" + end + "\"1;2\";3" + end, {{"a", "b,c"}, {"1;2", "3"}});
  }
  check("sep=\t\na\tb\n", {{"a", "b"}});
  check("sep=\\t\na\tb\n", {{"a", "b"}});
  check("sep=;", {});
  check("sep=\na,b\n", {{"sep="}, {"a", "b"}});
  check("sep=x\na,b\n", {{"sep=x"}, {"a", "b"}});
  check("a,b\nsep=;\n", {{"a", "b"}, {"sep=;"}}); // not the first line
  BOOST_TEST(refusal("sep=;\na;b\n\"c;d\n") == ":3:1: this quote is never closed");
}

BOOST_AUTO_TEST_CASE(a_named_separator_stays_when_a_record_is_read_again) {
  const test::temporary_file file("sep=;\na;b,c\n");
  auto reader = test::need(csv_reader::open(file.path(), {'\n', false, false}));
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(reader.fields().size() == 1U);
  BOOST_TEST(reader.line() == 2U);
  BOOST_TEST(reader.named_separator().value() == ';');
  reader.reread({});
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(reader.fields()[1] == "b,c");
}

BOOST_AUTO_TEST_CASE(refuses_bytes_that_are_no_text_with_their_place) {
  using namespace std::string_literals;
  const auto wanted = [](const char* place, const char* byte) {
    return place + ": expected text in UTF-8, got the byte \""s + byte + "\"";
  };
  BOOST_TEST(refusal("id,name\n1,caf\xE9\n") == wanted(":2:6", "\\xe9"));
  BOOST_TEST(refusal("\xEF\xBB\xBFid,n\xE4me\n") == wanted(":1:5", "\\xe4"));
  BOOST_TEST(refusal("sep=;\nid;n\xE4me\n") == wanted(":2:5", "\\xe4"));
  BOOST_TEST(refusal("a,b\r1,\x80\r") == wanted(":2:3", "\\x80"));
  BOOST_TEST(refusal("a,b\n1,2\n3,\xC3") == wanted(":3:3", "\\xc3")); // the last letter is cut off
  BOOST_TEST(refusal("a,b\n1,\0\n"s) == wanted(":2:3", "\\x00"));
  BOOST_TEST((read_all("a\n\xE9\n").error().cause == fault::unsupported)); // no bad record, but the end
}

BOOST_AUTO_TEST_CASE(finds_bytes_that_are_no_text_far_behind_the_beginning) {
  for (const auto& wrong : {std::string("\xE9"), std::string(1, '\0')}) {
    std::string rows = "id,name\n";
    for (int i = 0; i < 400'000; ++i)
      rows += "1,café\n";
    BOOST_TEST(refusal(rows + "\"x\ny" + wrong + "\",2\n").find(":400003:2: expected text in UTF-8") == 0U);
  }
}

BOOST_AUTO_TEST_CASE(letters_may_lie_on_the_border_of_two_chunks) {
  for (std::size_t before = 0; before < 5; ++before) {
    const auto rows = std::string((std::size_t{1} << 20U) - 3 - before, '\n') + "ab,€😀\n";
    check(rows, {{"ab", "€😀"}});
  }
}

BOOST_AUTO_TEST_CASE(tells_whether_there_are_control_characters) {
  const auto has_controls = [](std::string_view content) {
    const test::temporary_file file(content);
    return test::need(csv_reader::open(file.path())).has_controls();
  };
  BOOST_TEST(!has_controls("a,b\r\n1,\t2\n"));
  BOOST_TEST(has_controls("a,b\n1,\x01\n"));
}

BOOST_AUTO_TEST_CASE(damaged_gzip_data_is_no_bad_record) {
  std::string rows;
  for (unsigned i = 0; i < 500'000; ++i)
    rows += std::to_string(i * 2654435761U) + ",x\n";
  const test::temporary_file made("");
  auto* packed = gzopen(made.path().c_str(), "wb");
  gzwrite(packed, rows.data(), static_cast<unsigned>(rows.size()));
  gzclose(packed);
  std::filesystem::resize_file(made.path(), std::filesystem::file_size(made.path()) - 100);
  csv_form form;
  form.gzip = true;
  auto reader = test::need(csv_reader::open(made.path(), form));
  auto more = reader.next();
  while (more && *more)
    more = reader.next();
  BOOST_REQUIRE(!more); // readers of rows go on after `malformed`, and would for ever
  BOOST_TEST((more.error().cause == fault::io_error));
  BOOST_TEST(more.error().message == made.path().string() + ": damaged gzip: unexpected end of file");
}

BOOST_AUTO_TEST_CASE(skips_blank_lines) {
  check("\n\na\n\r\nb\n\n\n", {{"a"}, {"b"}});
  check("", {});
  check("\n", {});
}

BOOST_AUTO_TEST_CASE(unquotes_fields_with_commas_quotes_and_line_breaks) {
  check("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n\"\",x,\"y\"\r\nplain,1,2\n",
        {{"a,b", "say \"hi\"", "two\nlines"}, {"", "x", "y"}, {"plain", "1", "2"}});
}

BOOST_AUTO_TEST_CASE(accepts_quotes_behind_backslashes_as_spark_writes_them) {
  check("id,title,year\n"
        "1,\"He said \\\"hi\\\", twice\",1\n"
        "2,\"\\\"all\\\"\",2\n"
        "3,\"ends with \\\"\",3\n"
        "4,\"begins, \\\"with\",4\n"
        "5,C:\\temp,5\n"
        "6,\"a \\\\ and a \\\"\",6\n"
        "7,\"\\\"\",\"\"\n",
        {{"id", "title", "year"},
         {"1", "He said \"hi\", twice", "1"},
         {"2", "\"all\"", "2"},
         {"3", "ends with \"", "3"},
         {"4", "begins, \"with", "4"},
         {"5", "C:\\temp", "5"},
         {"6", "a \\ and a \"", "6"},
         {"7", "\"", ""}});
}

BOOST_AUTO_TEST_CASE(quotes_behind_backslashes_may_be_in_fields_with_line_breaks) {
  check("id,title,year\r\n1,\"one \\\"x\\\" \r\nand two\",5\r\n2,\"a \\\"\r\nb\",6\r\n3,x,7\r\n",
        {{"id", "title", "year"},
         {"1", "one \"x\" \r\nand two", "5"},
         {"2", "a \"\r\nb", "6"},
         {"3", "x", "7"}});
}

BOOST_AUTO_TEST_CASE(a_file_with_quotes_behind_backslashes_doubles_backslashes) {
  check("id,title\n1,\"a \\\\, b\"\n2,\"c \\\"d\\\"\"\n3,\"a \\\\, "
        "b\"\n4,\"\"\"x\"\"\"\n5,\"C:\\\"\n6,\"C:\\,\"\n",
        {{"id", "title"},
         {"1", "a \\\\, b"}, // nothing tells yet
         {"2", "c \"d\""},
         {"3", "a \\, b"},
         {"4", "\"x\""},
         {"5", "C:\\"},
         {"6", "C:\\,"}});
}

BOOST_AUTO_TEST_CASE(backslashes_are_ordinary_where_rfc_4180_makes_sense) {
  check("path,name\n\"C:\\\",\"x\"\n\"\\\\host\\a, b\",y\n",
        {{"path", "name"}, {"C:\\", "x"}, {"\\\\host\\a, b", "y"}});
}

BOOST_AUTO_TEST_CASE(bad_quotes_with_backslashes_take_no_other_records_along) {
  const test::temporary_file file("a,b\n\"x\\\"y,1\nc,d\n\"q\\\"\",2\ne,f\n");
  auto reader = test::need(csv_reader::open(file.path()));
  std::string lines;
  for (;;) {
    const auto more = reader.next();
    if (more && !*more)
      break;
    lines += std::to_string(reader.line());
    lines += more ? "+" + std::string(reader.fields()[0]) + " " : "! ";
  }
  BOOST_TEST(lines == "1+a 2! 3+c 4+q\" 5+e ");
}

BOOST_AUTO_TEST_CASE(keeps_empty_lines_and_crlf_inside_quotes) {
  check("\"a\n\n\r\nb\",c\n", {{"a\n\n\r\nb", "c"}});
}

BOOST_AUTO_TEST_CASE(reads_records_that_span_chunks) {
  std::string content;
  records expected;
  for (int i = 0; i < 60'000; ++i) {
    const auto number = std::to_string(i);
    content += "\"id," + number + "\"," + std::string(static_cast<std::size_t>(i % 97), 'x') + "\n";
    expected.push_back({"id," + number, std::string(static_cast<std::size_t>(i % 97), 'x')});
  }
  const auto got = read_all(content); // 4 MB: several chunks
  BOOST_REQUIRE(got);
  BOOST_TEST((*got == expected));
}

BOOST_AUTO_TEST_CASE(refuses_bad_quotes_with_line_and_column) {
  BOOST_TEST(refusal("a,b\nc,\"d\ne\n") == ":2:3: this quote is never closed");
  BOOST_TEST(refusal("a,b\"c\"\n") == ":1:4: a quote inside an unquoted field");
  BOOST_TEST(refusal("x\n\"p\nq\"r,\"s\"\n") ==
             ":3:3: expected a comma or the line's end after a closing quote");
}

BOOST_AUTO_TEST_CASE(continues_after_the_line_with_a_bad_quote) {
  const test::temporary_file file("a,\"b\nc,\"d\"\ne,f\ng,\"h\ni,j\n");
  auto reader = test::need(csv_reader::open(file.path()));
  std::string lines;
  for (;;) {
    const auto more = reader.next();
    if (more && !*more)
      break;
    lines += std::to_string(reader.line());
    lines += more ? "+" + std::string(reader.fields()[1]) + " " : "! ";
  }
  BOOST_TEST(lines == "1! 2+d 3+f 4! 5+j ");
}

BOOST_AUTO_TEST_CASE(accepts_other_delimiters_and_quotes_as_plain_characters) {
  const auto first = [](std::string_view content, const csv_form& form) {
    const test::temporary_file file(content);
    auto reader = test::need(csv_reader::open(file.path(), form));
    BOOST_TEST(test::need(reader.next()));
    return std::vector<std::string>(reader.fields().begin(), reader.fields().end());
  };
  BOOST_TEST(first("a,1;\"b;c\";d\n", {';', true, false}) == (std::vector<std::string>{"a,1", "b;c", "d"}),
             boost::test_tools::per_element());
  BOOST_TEST(first("5\" disc\t\"x\n", {'\t', false, false}) == (std::vector<std::string>{"5\" disc", "\"x"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_which_fields_are_quoted) {
  const test::temporary_file file("a, \"b\" ,c\na,b\n");
  csv_form form;
  form.trim = true;
  auto reader = test::need(csv_reader::open(file.path(), form));
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(!reader.is_quoted(0));
  BOOST_TEST(reader.is_quoted(1));
  BOOST_TEST(!reader.is_quoted(2));
  BOOST_TEST(!reader.is_quoted(3));
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(!reader.is_quoted(1));
}

BOOST_AUTO_TEST_CASE(ids_are_quoted_if_readers_would_take_something_off) {
  for (const char* id : {"a b", "0764227971", "1.5", "x.0", "ä", ""})
    BOOST_TEST(csv_id(id) == id);
  BOOST_TEST(csv_id("a,b") == "\"a,b\"");
  BOOST_TEST(csv_id(" a") == "\" a\"");
  BOOST_TEST(csv_id("a\t") == "\"a\t\"");
  BOOST_TEST(csv_id("19.0") == "\"19.0\"");
  BOOST_TEST(csv_id("a,b", ';') == "a,b");
  BOOST_TEST(csv_id("a;b", ';') == "\"a;b\"");
}

BOOST_AUTO_TEST_CASE(looks_at_lines_ahead_and_reads_them_afterwards) {
  const test::temporary_file file("a,b\r\n\r\n1,2\n3,\"4\"");
  auto reader = test::need(csv_reader::open(file.path(), {'\n', false, false, false}));
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(test::need(reader.following_lines(1)) == std::vector<std::string>{"1,2"},
             boost::test_tools::per_element());
  const std::vector<std::string> all{"1,2", "3,\"4\""};
  BOOST_TEST(test::need(reader.following_lines(5)) == all, boost::test_tools::per_element());
  reader.reread({});
  std::string fields;
  while (test::need(reader.next()))
    for (const auto field : reader.fields())
      fields += std::string(field) + " ";
  BOOST_TEST(fields == "a b 1 2 3 4 ");
}

BOOST_AUTO_TEST_CASE(long_lines_ahead_are_not_waited_for) {
  const test::temporary_file file("a\nb\n" + std::string(30'000'000, 'x') + "\nc\n");
  auto reader = test::need(csv_reader::open(file.path()));
  BOOST_REQUIRE(test::need(reader.next()));
  BOOST_TEST(test::need(reader.following_lines(5)) == std::vector<std::string>{"b"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(refuses_an_endless_record) {
  const auto message = refusal("a\n\"" + std::string(csv_reader::max_record_bytes + (4U << 20U), 'x'));
  BOOST_TEST(message.find(":2:1: a record of more than") == 0U, message);
}

BOOST_AUTO_TEST_CASE(fields_stay_valid_if_the_reader_is_moved) {
  const test::temporary_file file("a,\"b\",c\n");
  auto first = std::make_unique<csv_reader>(test::need(csv_reader::open(file.path())));
  BOOST_REQUIRE(test::need(first->next()));
  auto reader = std::move(*first);
  first.reset();
  BOOST_CHECK((reader.fields() == std::vector<std::string_view>{"a", "b", "c"}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace winnow
