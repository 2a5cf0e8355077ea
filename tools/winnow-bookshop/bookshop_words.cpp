#include "tools/winnow-bookshop/bookshop_words.hpp"

#include <algorithm>

namespace winnow {

namespace {

word_list split(std::string_view text) {
  word_list words;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('|', at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

genre_words genre(std::string_view name, std::string_view adjectives, std::string_view nouns,
                  std::string_view titles, std::string_view series) {
  return {name, split(adjectives), split(nouns), split(titles), split(series)};
}

} // namespace

const std::vector<genre_words>& genres_of_books() {
  static const std::vector<genre_words> genres = {
      genre("Mystery",
            "Silent|Crooked|Missing|Poisoned|Locked|Midnight|Forgotten|Second|Borrowed|Broken|Last|Hollow",
            "Witness|Alibi|Lantern|Inheritance|Staircase|Letter|Verdict|Portrait|Orchard|Clockmaker|Garden|"
            "Passenger|"
            "Ledger|Candle|Cellar|Telegram|Key|Boathouse|Widow|Necklace",
            "The {A} {N}|The {N} at {P}|Death in {P}|The {P} {N}|The {N} in the {M}|A {A} {N}",
            "The {P} Mysteries|Inspector {L} Investigates|The {L} Case Files"),
      genre("Science Fiction",
            "Distant|Frozen|Orbital|Infinite|Hollow|Quantum|Silent|Last|Burning|Synthetic|Drifting|Vacant",
            "Horizon|Colony|Signal|Engine|Archive|Moon|Station|Meridian|Swarm|Ark|Comet|Protocol|Pilot|"
            "Airlock|Star|"
            "Beacon|Machine|Outpost|Exile|Nebula",
            "The {A} {N}|{N} of the {A} {M}|Beyond the {N}|{A} {N}|Ten Days to the {N}|The {N} Equation|A "
            "{N} for the {M}",
            "The {N} Cycle|{P} Station|Children of the {N}"),
      genre("Fantasy",
            "Golden|Thorned|Winter|Broken|Hidden|Crimson|Sleeping|Iron|Moonlit|Wandering|Nameless|Ashen",
            "Crown|Dragon|Tower|Sword|Wolf|Oath|Raven|Forest|Throne|Witch|River|Mirror|Shadow|Giant|Bell|"
            "Prophecy|Stag|"
            "Cloak|Realm|Flame",
            "The {A} {N}|The {N} and the {M}|Song of the {A} {N}|The {N} of {P}|A {N} for the {M}|Daughter "
            "of the {N}",
            "The {N} Chronicles|Saga of the {A} {N}|Tales from {P}"),
      genre("Romance",
            "Second|Secret|Unexpected|Borrowed|Stolen|Summer|Perfect|Reluctant|Midnight|Forbidden|Accidental|"
            "Faraway",
            "Kiss|Wedding|Promise|Waltz|Duchess|Neighbour|Letter|Bakery|Cottage|Stranger|Engagement|Heart|"
            "Dance|Secret|"
            "Proposal|Bride|Bookshop|Captain|Christmas|Violinist",
            "The {A} {N}|A {N} in {P}|{F}'s {A} {N}|Falling for the {N}|One {N} in {P}|The {N} Next Door|A "
            "{A} {N}",
            "{P} Hearts|The {L} Sisters|Love in {P}"),
      genre("Horror",
            "Whispering|Rotting|Hungry|Pale|Drowned|Bleeding|Empty|Buried|Sleepless|Black|Nameless|Cold",
            "House|Attic|Mirror|Doll|Lake|Hour|Choir|Guest|Well|Asylum|Shadow|Harvest|Cradle|Scarecrow|Grave|"
            "Mask|Visitor|"
            "Moth|Skin|Lighthouse",
            "The {A} {N}|What the {N} Knew|The {N} Below|Do Not Wake the {N}|The {N} of {P}|A {A} {N}|Behind "
            "the {N}",
            "The {P} Hauntings|Nights in {P}|The {A} {N} Tapes"),
      genre("History",
            "Lost|Forgotten|Divided|Great|Long|Imperial|Maritime|Medieval|Hidden|Industrial|Uneasy|Golden",
            "Empire|Harbour|Rebellion|Treaty|Railway|Siege|Parliament|Plague|Crusade|Revolution|Armada|"
            "Monastery|Dynasty|"
            "Frontier|Census|Spice Route|Salt Tax|Canal|Guild|Observatory",
            "The {A} {N}: A History of {P}|The {N} of {P}|{P} and the {A} {N}|How the {N} Changed the World|"
            "The Rise and Fall of the {N}|A Short History of the {N}",
            "The Story of {P}|Pocket Histories of {P}|The {L} Histories"),
      genre("Biography",
            "Restless|Quiet|Unlikely|Extraordinary|Double|Unfinished|Stubborn|Private|Curious|Ordinary|"
            "Improbable|"
            "Brilliant",
            "Composer|Inventor|Painter|Explorer|Surgeon|Queen|Gardener|Chess "
            "Player|Spy|Architect|Mountaineer|Pianist|"
            "Judge|Aviator|Astronomer|Actress|Printer|Ambassador|Swimmer|Clockmaker",
            "{F} {L}: The {A} {N}|The {N} from {P}|In Search of {F} {L}|{F} {L}: A Life|The {A} {N} of {P}|"
            "The {N} and the {M}",
            "Lives of {P}|The {L} Papers|Letters and Lives"),
      genre(
          "Travel", "Slow|Long|Winding|Northern|Southern|Hidden|Endless|Wild|Coastal|Wandering|Salt|High",
          "Road|Train|River|Island|Coast|Pass|Ferry|Trail|Desert|Valley|Map|Harbour|Border|Mountain|"
          "Lighthouse|"
          "Bicycle Path|Canal|Caravan|Bridge|Monsoon",
          "The {A} {N} to {P}|Walking the {A} {N}|A Year on the {N}|Beyond the {A} {N}|Letters from the {N}|"
          "The {N} North of {P}|{P} and the {N}",
          "{P} Journeys|Walks around {P}|The {A} {N} Diaries"),
      genre("Cooking",
            "Simple|Rustic|Weeknight|Seasonal|Smoky|Golden|Honest|Lazy|Sunday|Spiced|Little|Generous",
            "Kitchen|Table|Oven|Larder|Garden|Bakery|Feast|Supper|Picnic|Harvest|Skillet|Loaf|Dumpling|"
            "Market|Breakfast|"
            "Noodle|Preserve|Broth|Pudding|Grill",
            "The {A} {N}|The {P} {N} Cookbook|{P} {N}: Recipes for Every Day|{F}'s {A} {N}|From {N} to {M}|"
            "The {A} {N} of {P}",
            "The {P} Kitchen|Cook with {F}|The {L} Family Table"),
      genre("Science",
            "Curious|Invisible|Elegant|Noisy|Tangled|Patient|Restless|Deep|Electric|Fragile|Improbable|"
            "Symmetrical",
            "Atom|Brain|Gene|Universe|Ocean|Number|Forest|Cell|Glacier|Star|Insect|Volcano|Particle|Virus|"
            "Microscope|"
            "Equation|Climate|Fossil|Octopus|Molecule",
            "The {A} {N}|How the {N} Works|The Secret Life of the {N}|A Brief Guide to the {A} {N}|The {N} "
            "and the {M}|"
            "Why the {A} {N} Matters",
            "The {L} Lectures|The {A} Mind|{P} Science Library"),
      genre("Poetry", "Quiet|Blue|Unsent|Winter|Salt|Green|Small|Late|Slow|Bright|Tidal|Wild",
            "Psalm|Orchard|Heron|Window|Tide|Silence|Letter|Rain|Field|Sparrow|Lamp|River|Bone|Garden|Hour|"
            "Snow|Stone|"
            "Elegy|Hymn|Meadow",
            "{A} {N}|{N} and {M}|The {A} {N} Poems|What the {N} Said|Ode to a {A} {N}|Poems for the {N}",
            "{P} Sonnets|The {N} Quartets|The {L} Notebooks"),
      genre(
          "Children", "Brave|Grumpy|Tiny|Giggling|Purple|Lost|Magic|Sleepy|Hungry|Clever|Wobbly|Invisible",
          "Dragon|Rabbit|Teapot|Pirate|Hedgehog|Robot|Elephant|Kite|Monster|Wizard|Penguin|Bus|Snowman|Mouse|"
          "Balloon|"
          "Tortoise|Submarine|Owl|Pancake|Otter",
          "The {A} {N}|{F} and the {A} {N}|Where Is the {A} {N}?|Goodnight, {A} {N}|The {N} Who Lost the {M}|"
          "A {N} in {P}",
          "{F} and Friends|The {P} Gang|The {A} {N} Club"),
  };
  return genres;
}

const word_list& invented_places() {
  static const auto places = split(
      "Ashcombe|Brackenford|Carrow Bay|Dunmere|Easterly Hollow|Fennick "
      "Green|Greywater|Hallowmere|Ivelchester|"
      "Juniper Falls|Kestrel Point|Larkhaven|Marrowby|Nettlebridge|Oakhollow|Pellworth|Quarry Hill|Ravensea|"
      "Saltmarsh|Thornbury Vale|Underfell|Violet Bay|Westering|Yarrow Cross|Zephyr Cove|Alderwick|Bellmonte|"
      "Castelvera|Dragomir|Estrella|Fjordheim|Kilbrannoch|Montelupo|Norrskog|Port Amber|San Aurelio|Tarnholm|"
      "Valmora|Wintersend|Lindisholm");
  return places;
}

const word_list& first_names() {
  static const auto names = split(
      "Ada|Agnes|Alasdair|Amara|Anders|André|Anneliese|Arjun|Beatrix|Bernard|Bram|Camille|Cecily|Chidi|Clara|"
      "Conrad|Dalia|Desmond|Edith|Elias|Eleni|Emil|Esther|Fatima|Felix|Flora|Gideon|Greta|Hana|Harriet|Hugo|"
      "Ines|"
      "Iris|Ivo|Jasper|Johanna|Jun|Kamala|Kasper|Leonie|Lorenzo|Lucian|Mabel|Magnus|Marguerite|Mateo|Mina|"
      "Nadia|"
      "Niall|Octavia|Olu|Oskar|Petra|Priya|Rafael|Rosalind|Ruben|Samira|Selma|Soren|Tamsin|Theo|Ursula|"
      "Valentin|"
      "Wanda|Xavier|Yara|Zoë");
  return names;
}

const word_list& last_names() {
  static const auto names = split(
      "Abernathy|Achterberg|Adeyemi|Albrecht|Anand|Ashdown|Bakker|Barrow|Bellweather|Bergström|Blackwood|"
      "Bonnard|"
      "Brightwell|Calloway|Carmichael|Castellan|Chandra|Copperfield-Hale|Corvin|Crane|Dahl-Jensen|Davenport|"
      "Delacroix|Dempsey|Drummond|Eastman|Ekström|Ellery|Fairbanks|Falkner|Farrow|Ferreira|Fontaine|"
      "Galbraith|"
      "Gallagher|Garrity|Greaves|Grimaldi|Hargreave|Hartnell|Hawthorn|Holloway|Ibarra|Ingram|Jellicoe|"
      "Joubert|"
      "Kapoor|Kendrick|Kowalska|Lachlan|Lindqvist|Locke|Lovelace-Reid|Marchetti|Marlowe|Mbeki-Stone|Mercer|"
      "Merriweather|Moriyama|Müller|Nakagawa|Norwood|O'Dowd|Okafor|Osterman|Pemberton|Penhaligon|Petrov|"
      "Quill|"
      "Rasmussen|Ravenscroft|Rosenthal|Rutherford|Sandoval|Sato|Sinclair|Sorensen|Stanhope|Sterling|"
      "Takahashi|"
      "Thackeray|Tolliver|Trevelyan|Underwood|Vance|Van der Meer|Vasquez|Wainwright|Weatherby|Whitlock|"
      "Winterbourne|Yamada|Yates|Zielinski");
  return names;
}

} // namespace winnow
