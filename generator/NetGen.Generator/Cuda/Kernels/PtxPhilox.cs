namespace NetGen.Generator.Cuda.Kernels;

/// <summary>
/// The runtime's generator of random numbers, Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC
/// 2011), with the same bits: a number is a function of the trainer's seed, the step, the sample, the layer and the element.
/// </summary>
internal static class PtxPhilox
{
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>The four words of one counter.</summary>
    /// <param name="random">Where seed (low, high) and step lie.</param>
    public static PtxInt[] Words(PtxWriter writer, PtxLong random, PtxInt counter, PtxInt sample, PtxInt stream)
    {
        PtxInt At(int word, string stem) => writer.LoadInt(writer.ElementAddress(random, PtxWriter.Number(word), stem + "At"), stem);
        PtxInt key0 = writer.Variable(At(0, "seed"), "key"), key1 = writer.Variable(At(1, "seed"), "key");
        PtxInt[] c = [writer.Variable(counter, "word"), writer.Variable(sample, "word"), At(2, "step"),
            writer.Variable(stream, "word")];
        PtxInt multiplier0 = Constant(Multiplier0), multiplier1 = Constant(Multiplier1);
        for (int round = 0; round < Rounds; round++)
        {
            PtxInt high0 = writer.MultiplyHigh(c[0], multiplier0, "high"), low0 = writer.Multiply(c[0], multiplier0, "low");
            PtxInt high1 = writer.MultiplyHigh(c[2], multiplier1, "high"), low1 = writer.Multiply(c[2], multiplier1, "low");
            c = [writer.Xor(writer.Xor(high1, c[1], "word"), key0, "word"), low1,
                writer.Xor(writer.Xor(high0, c[3], "word"), key1, "word"), low0];
            if (round == Rounds - 1)
                break;
            key0 = writer.Add(key0, Constant(Weyl0), "key");
            key1 = writer.Add(key1, Constant(Weyl1), "key");
        }
        return c;
    }

    /// <summary>The word of an element: of four neighbours each has one of a counter's.</summary>
    public static PtxInt WordOf(PtxWriter writer, PtxLong random, PtxInt element, PtxInt sample, PtxInt stream)
    {
        (PtxInt counter, PtxInt rest) = writer.Divide(element, 4, "counter", "lane");
        return WordOf(writer, random, counter, rest, sample, stream);
    }

    /// <param name="counter">A quarter of the element's number, and what is left of it in <paramref name="rest"/>.</param>
    public static PtxInt WordOf(PtxWriter writer, PtxLong random, PtxInt counter, PtxInt rest, PtxInt sample, PtxInt stream)
    {
        PtxInt[] words = Words(writer, random, counter, sample, stream);
        PtxInt word = words[3];
        for (int i = 2; i >= 0; i--)
            word = writer.Select(writer.Compare("eq", rest, PtxWriter.Number(i), "isWord"), words[i], word, "word");
        return word;
    }

    /// <summary>Dropout's factor of an element: 0 with a probability, else 1 / (1 − probability).</summary>
    public static PtxFloat Factor(PtxWriter writer, PtxLong random, PtxInt element, PtxInt sample, PtxInt stream, float probability)
        => Factor(writer, () => WordOf(writer, random, element, sample, stream), probability);

    /// <param name="word">Writes what finds the element's word.</param>
    public static PtxFloat Factor(PtxWriter writer, Func<PtxInt> word, float probability)
    {
        double scaled = Math.Round(probability * 4294967296.0, MidpointRounding.AwayFromZero);
        if (scaled >= 4294967296.0)
            return writer.Variable(PtxWriter.Number(0f), "factor");
        PtxPredicate isDropped = writer.IsBelow(word(), Constant((uint)scaled), "isDropped");
        return writer.Select(isDropped, PtxWriter.Number(0f), PtxWriter.Number((float)(1 / (1 - (double)probability))), "factor");
    }

    private static PtxInt Constant(uint word) => PtxWriter.Number(unchecked((int)word));
}
