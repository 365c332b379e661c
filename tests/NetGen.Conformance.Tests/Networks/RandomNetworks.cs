using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>Generates small networks that are valid: every word is drawn for the shape that arrives at it.</summary>
internal static class RandomNetworks
{
    /// <summary>Multiply-adds of one sample: the reference interpreter is slow, and odd shapes matter more than large ones.</summary>
    private const long MaximumWork = 120_000;

    /// <summary>Chains of layers.</summary>
    public static Gen<Stack> Networks { get; } = DrawnBy(new ChainGrammar(), 6);

    /// <summary>Graphs, whose layers may read any value in front of them.</summary>
    public static Gen<Stack> Graphs { get; } = DrawnBy(new GraphGrammar(), 8);

    /// <summary>
    /// Graphs of up to three inputs and four outputs, some with a loss, whose layers and blocks may share their parameters.
    /// </summary>
    public static Gen<Stack> Ports { get; } = new PortDrawing(new GraphGrammar()).Networks
        .Where(stack => stack.Work <= MaximumWork && stack.Inputs.Concat(stack.Outputs).All(port => port.Shape.Size <= 2000));

    /// <summary>The shape of an input.</summary>
    public static Gen<Shape> Input => Gen.Frequency(
        (1, from n in Place.Channels select new Shape(n)),
        (1, from c in Place.Channels
            from l in Gen.Choose(1, 30)
            select new Shape(c, l)),
        (3, from c in Place.Channels
            from h in Gen.Choose(1, 12)
            from w in Gen.Choose(1, 14)
            select new Shape(c, h, w)));

    private static Gen<Stack> DrawnBy(Grammar grammar, int longest) =>
        (from input in Input
         from length in Gen.Choose(1, longest)
         let place = Place.First(input, grammar)
         from words in place.Words(length)
         let output = place.After(words)
         from loss in grammar.Loss(output)
         select Stack.Parse($"in:{input.Word} {words}{(TakesVectors(loss) && !output.IsVector ? "" : loss)}"))
        .Where(stack => stack.Work <= MaximumWork && stack.Input.Size <= 2000 && stack.Output.Size <= 3000);

    /// <summary>The loss is the last of the words.</summary>
    public static bool TakesVectors(string words) => words.Length > 0 && Registry.ReadLoss(Word.Parse(words.Split(' ')[^1])).TakesVectors;
}
