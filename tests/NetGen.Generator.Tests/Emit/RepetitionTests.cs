using NetGen.Generator.Cpu.Drivers;

namespace NetGen.Generator.Tests.Emit;

/// <summary>Stretches that come several times in a row, with numbers that are equally far apart.</summary>
public sealed class RepetitionTests
{
    private static RepetitionToken Token(string kind, params long[] numbers) => new(kind[0], numbers);

    private static IReadOnlyList<Repetition> Find(IEnumerable<RepetitionToken> tokens, int minSaved = 4)
        => Repetition.Find(tokens.ToList(), minSaved);

    [Fact]
    public void What_never_repeats_is_one_stretch()
    {
        Repetition all = Assert.Single(Find(Enumerable.Range(0, 9).Select(i => Token(((char)('a' + i)).ToString(), i))));
        Assert.Equal(new Repetition(0, 9, 1), all);
    }

    [Fact]
    public void Nothing_is_nothing() => Assert.Empty(Find([]));

    [Fact]
    public void A_block_that_comes_five_times_is_found_between_what_stands_around_it()
    {
        RepetitionToken[] block = [Token("a", 10, 3), Token("b", 20)];
        IEnumerable<RepetitionToken> blocks = Enumerable.Range(0, 5)
            .SelectMany(time =>
                block.Select((token, i) => token with { Numbers = token.Numbers.Select(n => n + time * (7 + i)).ToArray() }));
        Assert.Equal(
            [new Repetition(0, 1, 1), new Repetition(1, 2, 5), new Repetition(11, 1, 1)],
            Find([Token("first"), .. blocks, Token("last")]));
    }

    /// <summary>Values that change places from layer to layer are equally far apart from every second layer to the next.</summary>
    [Fact]
    public void Places_that_take_turns_have_twice_the_period()
        => Assert.Equal([new Repetition(0, 2, 6)], Find(Enumerable.Range(0, 12).Select(i => Token("k", i % 2, 1 - i % 2))));

    [Fact]
    public void Numbers_that_are_not_equally_far_apart_end_a_repetition()
    {
        long[] places = [0, 5, 10, 15, 20, 25, 31, 36];
        Assert.Equal([new Repetition(0, 1, 6), new Repetition(6, 2, 1)], Find(places.Select(place => Token("k", place))));
    }

    [Fact]
    public void Of_two_periods_the_one_that_saves_more_is_taken()
    {
        // Four equal ones and another, six times: not the four.
        IEnumerable<RepetitionToken> tokens = Enumerable.Range(0, 6).SelectMany(time => Enumerable.Range(0, 4)
            .Select(i => Token("a", 5 * time + i)).Append(Token("b", time)));
        Assert.Equal([new Repetition(0, 5, 6)], Find(tokens));
    }

    [Fact]
    public void What_saves_too_little_stays_as_it_is()
        => Assert.Equal([new Repetition(0, 4, 1)], Find(Enumerable.Range(0, 4).Select(i => Token("k", i))));
}
