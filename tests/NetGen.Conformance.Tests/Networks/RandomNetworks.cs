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

    /// <summary>Two inputs and up to three outputs, some with a loss: a block, once more with its parameters, and what is behind both.</summary>
    public static Gen<Stack> Ports { get; } = DrawnWithPorts(new GraphGrammar());

    private static Gen<Shape> Input => Gen.Frequency(
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

    private static Gen<Stack> DrawnWithPorts(Grammar grammar) =>
        (from input in Input
         from length in Gen.Choose(1, 3)
         from behind in Gen.Choose(1, 3)
         let place = Place.First(input, grammar)
         from tower in place.Inside.Words(length)
         from shares in Gen.Elements(":&t", ":&t", "")
         from combine in Gen.Elements("add", "mul", "sub", "maximum", "concat")
         let head = Stack.Parse($"in:{input.Word} seq[@t {tower} ]")
         let shared = head.Parameters.Count > 0 ? shares : ""
         let towers = $"seq[@t {tower} ] OUT1 in@other:{input.Word} seq[@u{shared} {tower} ] OUT2 {combine}:t"
         let joined = place.After($"seq[ {tower} ]{(combine == "concat" ? " concat:.,." : "")}")
         from last in place.Behind(joined, null).Words(behind)
         let result = place.Behind(joined, null).After(last)
         from first in Published("first", place.After($"seq[ {tower} ]"))
         from second in Published("second", place.After($"seq[ {tower} ]"))
         from third in Published("third", result)
         let words = towers.Replace("OUT1 ", first.Word, StringComparison.Ordinal).Replace("OUT2 ", second.Word, StringComparison.Ordinal)
         select Stack.Parse($"in:{input.Word} {words} {last} out:third{first.Loss}{second.Loss}{third.Loss}"))
        .Where(stack => stack.Work <= MaximumWork && stack.Inputs.Concat(stack.Outputs).All(port => port.Shape.Size <= 2000));

    /// <summary>A value that is an output or not, with a loss or without.</summary>
    private static Gen<(string Word, string Loss)> Published(string name, Shape shape) =>
        from isOutput in Gen.Elements(true, false)
        from hasLoss in Gen.Elements(true, false)
        from loss in Gen.Elements<string>([.. Registry.DrawnLosses.Where(loss => shape.IsVector || !TakesVectors(loss))])
        from factor in Gen.Elements("", ",factor=0.5", ",sum,factor=-2")
        let isPublished = isOutput || name == "third"
        select (isPublished ? $"out:{name} " : "",
            isPublished && hasLoss ? $" {loss}{(loss.Contains(':') ? "," : ":")}of={name}{factor}" : "");

    /// <summary>The loss is the last of the words.</summary>
    private static bool TakesVectors(string words) => words.Length > 0 && Registry.ReadLoss(Word.Parse(words.Split(' ')[^1])).TakesVectors;
}
