"""Word lists that the starter's sentences and tasks are drawn from, all written for it."""

from __future__ import annotations


def _lines(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in " ".join(text.split()).split(",") if part.strip())


WORDS: dict[str, tuple[str, ...]] = {
    "first": _lines(
        """Anna, Ben, Clara, David, Elena, Frank, Grace, Henry, Ines, Jack, Karin, Leo, Maria,
        Noah, Olga, Paul, Rosa, Sam, Tina, Umar, Vera, Will, Yara, Zoe, Amir, Bella, Carlos,
        Daria, Emil, Fatima, Georg, Hana, Ivan, Julia, Kofi, Lena, Marco, Nadia, Oscar, Priya,
        Quentin, Rita, Stefan, Tomas, Ulla, Viktor, Wanda, Xavier, Yusuf, Zara, Alice, Bruno,
        Chloe, Dennis, Edith, Felix, Gwen, Hugo, Iris, Jonas, Kate, Liam, Mona, Nils, Olive,
        Pedro, Ruth, Simon, Thea, Aisha, Bilal, Chen, Deepak, Erika, Farid, Gina, Hassan, Imani,
        Jamal, Keiko, Latoya, Mehmet"""
    ),
    "last": _lines(
        """Abbott, Baker, Carter, Dalton, Ellis, Foster, Garcia, Hughes, Ibrahim, Jensen,
        Keller, Lopez, Murphy, Novak, Olsen, Parker, Quinn, Rossi, Schmidt, Taylor, Ueda,
        Vargas, Weber, Young, Zimmer, Andersen, Brandt, Costa, Dubois, Evans, Fischer, Gruber,
        Hoffman, Ivanov, Johnson, Kowalski, Larsen, Meyer, Nguyen, Okafor, Peterson, Ramos,
        Singh, Turner, Walker, Adeyemi, Bennett, Chandra, Duarte, Eriksson, Fernandez, Greene,
        Haddad, Ito, Jacobs, Khan, Lindgren, Marsh, Nakamura, Ortega, Pham, Reyes, Stone,
        Tanaka, Usman, Vance, Wright, Yilmaz"""
    ),
    "city": _lines(
        """Berlin, Lisbon, Oslo, Madrid, Vienna, Dublin, Prague, Athens, Rome, Warsaw, London,
        Paris, Zurich, Hamburg, Leeds, Porto, Turin, Graz, Lyon, Ghent, Bergen, Cork, Malmo,
        Krakow, Boston, Chicago, Denver, Seattle, Austin, Toronto, Montreal, Sydney, Perth,
        Auckland, Tokyo, Kyoto, Seoul, Mumbai, Delhi, Nairobi, Lagos, Accra, Cairo, Tunis, Lima,
        Bogota, Quito, Santiago"""
    ),
    "street": _lines(
        """Mill Lane, Station Road, High Street, Church Street, Garden Avenue, Oak Drive, Park
        Road, River Walk, King Street, Market Square, Hill Road, Bridge Street, Elm Court,
        Harbour Street, Castle Row, Meadow Way, Victoria Road, Windmill Hill, School Lane,
        Orchard Close"""
    ),
    "product": _lines(
        """kettle, lamp, backpack, jacket, tent, printer, phone, camera, keyboard, monitor,
        blender, toaster, bicycle, helmet, sofa, desk, chair, mattress, pillow, blanket, watch,
        radio, laptop, tablet, charger, cable, speaker, headphones, vacuum cleaner, coffee
        machine, rain coat, pair of shoes, winter boots, garden hose, lawn mower, drill, hammer,
        ladder, paint set, guitar, piano stool, puzzle, board game, doll house, water bottle,
        lunch box, frying pan, rice cooker, knife set, mirror, curtain, carpet, book shelf, wall
        clock, suitcase, umbrella, scarf, hat"""
    ),
    "colour": _lines(
        """red, blue, green, black, white, yellow, grey, brown, purple, orange, pink, silver,
        dark blue"""
    ),
    "adj": _lines(
        """small, large, old, new, heavy, light, quiet, loud, cheap, expensive, simple, strange,
        warm, cold, bright, dark, clean, dirty, soft, hard, slow, quick, fresh, broken, empty,
        full, narrow, wide, round, tall, short, careful, friendly, honest, polite, tired, busy,
        lucky, ordinary"""
    ),
    "good": _lines(
        """great, excellent, wonderful, lovely, very good, perfect, solid, comfortable,
        reliable, brilliant, better than expected, worth every penny, easy to use, well made,
        delightful"""
    ),
    "bad": _lines(
        """terrible, awful, disappointing, far too slow, broken, poor, noisy, useless,
        uncomfortable, badly made, not worth the money, worse than expected, dirty, rude, hard
        to use, a waste"""
    ),
    "animal": _lines(
        """dog, cat, horse, cow, goat, sheep, fox, owl, crow, duck, goose, rabbit, hedgehog,
        mouse, bear, wolf, deer, squirrel, frog, turtle, parrot, swan, donkey, bee, whale, seal,
        lizard"""
    ),
    "food": _lines(
        """bread, soup, rice, apples, cheese, noodles, pancakes, salad, tomatoes, beans, eggs,
        cake, potatoes, fish, mushrooms, carrots, honey, butter, olives, lemons, plums, onions,
        oats"""
    ),
    "drink": _lines("tea, coffee, water, milk, juice, lemonade, cocoa, apple juice, mint tea"),
    "job": _lines(
        """teacher, nurse, baker, carpenter, plumber, engineer, driver, gardener, lawyer,
        doctor, librarian, cook, waiter, painter, farmer, pilot, tailor, clerk, manager,
        translator, dentist, electrician, journalist, mechanic, accountant, cleaner, designer,
        chemist, musician, guide"""
    ),
    "place": _lines(
        """kitchen, garden, library, station, harbour, market, school, office, hospital, museum,
        park, forest, beach, bridge, cellar, attic, church, factory, airport, theatre, bakery,
        pharmacy, post office, town hall, swimming pool, car park, bus stop, village square,
        cinema, castle"""
    ),
    "object": _lines(
        """key, letter, box, map, bag, coat, cup, plate, book, ticket, coin, ring, candle,
        basket, bottle, rope, stone, picture, newspaper, pencil, button, spoon, bucket, glove,
        parcel, note"""
    ),
    "hobby": _lines(
        """chess, swimming, running, painting, cooking, gardening, sailing, knitting,
        photography, hiking, fishing, dancing, reading, tennis, football, cycling, pottery,
        yoga, singing"""
    ),
    "subject": _lines(
        """mathematics, history, biology, geography, music, physics, chemistry, art, Spanish,
        German, economics, statistics, philosophy, law, drawing, programming, astronomy,
        literature"""
    ),
    "company": _lines(
        """Northwind Foods, Halden Bank, Blue Harbour, Kestrel Air, Maple Insurance, Orchard
        Energy, Silverline Rail, Tallis Telecom, Brightwater, Corner Books, Delta Garden,
        Evergreen Homes, Fairway Cars, Goldleaf Tea, Hilltop Dairy, Ironbridge Tools, Juniper
        Health, Lantern Media"""
    ),
    "weekday": _lines("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday"),
    "month": _lines(
        """January, February, March, April, May, June, July, August, September, October,
        November, December"""
    ),
    "season": _lines("spring, summer, autumn, winter"),
    "weather": _lines(
        """sunny, cloudy, rainy, windy, foggy, stormy, snowy, icy, mild, hot, dry, wet, grey,
        humid"""
    ),
    "feeling": _lines(
        """happy, sad, angry, nervous, proud, curious, bored, relieved, afraid, grateful,
        surprised, calm, lonely, excited, jealous, confused, hopeful, hungry, thirsty, sleepy,
        annoyed"""
    ),
    "verb_past": _lines(
        """found, lost, carried, opened, sold, bought, cleaned, painted, dropped, hid, repaired,
        borrowed, forgot, wanted, described, moved, brought, kept, noticed, packed, returned"""
    ),
    "relative": _lines(
        """mother, father, sister, brother, aunt, uncle, cousin, grandmother, grandfather,
        daughter, son, neighbour, friend, colleague, boss, teacher, wife, husband, partner,
        nephew, niece"""
    ),
    "event": _lines(
        """concert, meeting, wedding, birthday party, workshop, football match, lecture,
        exhibition, market day, festival, conference, interview, book club, open day, race,
        school play, dinner"""
    ),
    "service": _lines(
        """account, invoice, order, delivery, subscription, password, refund, booking, contract,
        insurance, ticket, appointment, membership, payment, parcel, reservation, warranty, card"""
    ),
    "adverb": _lines(
        """slowly, quickly, carefully, quietly, suddenly, happily, finally, always, often,
        rarely, early, late, together, alone, again, almost, perhaps, never, politely, by
        mistake"""
    ),
    "material": _lines("wood, steel, glass, cotton, leather, wool, plastic, paper, clay, copper"),
    "language": _lines("English, German, French, Spanish, Polish, Turkish, Italian, Arabic, Hindi"),
    "country": _lines(
        """Germany, France, Spain, Italy, Norway, Poland, Portugal, Greece, Ireland, Canada,
        Japan, Brazil, Mexico, Kenya, Ghana, India, Turkey, Chile, Peru, Sweden, Austria, Egypt,
        Vietnam"""
    ),
    "sport": _lines("tennis, football, rowing, judo, hockey, chess, handball, swimming, running"),
    "illness": _lines("a cold, a headache, the flu, a sore throat, back pain, a fever, a cough"),
    "vehicle": _lines("train, bus, car, bicycle, ferry, plane, tram, taxi, van, lorry, boat"),
    "size": _lines("small, medium, large, extra large, tiny, compact, full size, standard"),
    "rating": _lines(
        """low, high, average, excellent, poor, good, very good, 5 out of 5, 4 out of 5, 3 out
        of 5, 2 out of 5, 1 out of 5, four stars, three stars, two stars, top, decent, mixed"""
    ),
    "yes_no": _lines("yes, no"),
    "reason": _lines(
        """it was raining, nobody answered, the train was late, the shop was closed, it was too
        far, the price had gone up, they were tired, the door was locked, the battery was empty,
        it was a holiday, the road was blocked, somebody had taken it, the lights were off, it
        felt right"""
    ),
    "opinion": _lines(
        """people should walk more, small shops are important, rules must be simple, music
        helps, children need time to play, old houses have character, good bread is worth
        waiting for, meetings are too long, trains are better than cars, honesty saves time,
        libraries matter, nobody reads the manual, a garden teaches patience, sleep is the best
        medicine"""
    ),
    "greeting": _lines(
        "hello, hi, hey, good morning, good evening, hi there, dear team, hello there"
    ),
    "thanks": _lines("thanks, thank you, many thanks, thanks a lot, cheers, thank you so much"),
    "number_word": _lines(
        """one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, fifteen,
        twenty, thirty, forty, fifty, a hundred"""
    ),
    "fact": _lines(
        """water freezes at zero degrees, a week has seven days, bees make honey, ice is lighter
        than water, a year has twelve months, the sun rises in the east, iron rusts when it is
        wet, plants need light, a triangle has three sides, the moon goes round the earth, fish
        breathe under water, an hour has sixty minutes, wood floats on water, birds lay eggs,
        salt melts ice, most leaves fall in autumn, sound is slower than light, a spider has
        eight legs, cows eat grass"""
    ),
}

SYLLABLES = _lines(
    """ka, lo, mi, ren, tor, va, shi, bel, dra, fen, gor, hal, jo, kir, lan, mor, nel, os, pra,
    quin, ros, sel, tam, ul, vin, wes, yar, zed, al, bri, cor, den, el, fa, gri, hu, is, ja, ki,
    li, ma, na, or, pe, ri, sa, ti, u, vo, wi, ya, zo, ander, berg, ton, field, ley, man, sson,
    ova, ini, escu, sha, wick, ford, dale, ette, ique, ando, ez, son, sky, ham, worth, chi,
    mura, oko, ade, nda"""
)

NAMES_OF_HOUSES = _lines(
    """Anchor, Bell, Crown, Dolphin, Elephant, Falcon, Garden, Harp, Inn, Jade Palace, Kitchen
    Table, Lantern, Mill, Nest, Old Forge, Pavilion, Quarry, Rose, Swan, Tower, Union, Vineyard,
    Wharf, Yard, Blue Door, Copper Kettle, Green Man, Little Star, Red Barn, Silver Moon, Three
    Keys, White Hart, Stone Bridge, Lucky Duck, Golden Hour, Paper Boat, Corner House, Long
    Table, Wild Fig"""
)
