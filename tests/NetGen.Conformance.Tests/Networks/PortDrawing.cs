using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using NetGen.Conformance.Tests.Layers;
using NetGen.Conformance.Tests.Model;

namespace NetGen.Conformance.Tests.Networks;

/// <summary>
/// Draws networks step by step: a layer, a block, a further input, of floats or of ints that are looked up, an output, or an earlier layer or
/// block once more with its parameters.
/// Behind the last step stand the losses. Every value with a name may be read by all that follows.
/// </summary>
internal sealed class PortDrawing(GraphGrammar grammar)
{
    private const int MostInputs = 3, MostOutputs = 4, MostSteps = 9;

    public Gen<Stack> Networks =>
        from shape in RandomNetworks.Input
        from isNamed in Gen.Elements(true, false)
        let name = isNamed ? "x" : Input.DefaultName
        let first = new State($"in{(isNamed ? "@x" : "")}:{shape.Word}", new Place(shape, 0, [(name, shape)], grammar), [], [], 1, ImmutableDictionary<string, int>.Empty, [])
        from count in Gen.Choose(2, MostSteps)
        from last in Steps(first, count)
        from isPublished in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        let state = isPublished || last.Outputs.Count > 0 ? last.Publish("y") : last
        from losses in state.Outputs.Count == 0 ? Only(state.Place.Shape) : Losses(state.Outputs)
        select Stack.Parse(state.Words + losses);

    private Gen<State> Steps(State state, int left) => left == 0
        ? Gen.Constant(state)
        : from next in Step(state, left)
          from last in Steps(next, left - 1)
          select last;

    private Gen<State> Step(State state, int number)
    {
        var steps = new List<(int, Gen<State>)> { (6, Layer(state, number)), (3, Block(state, number)) };
        if (state.Inputs < MostInputs)
            steps.Add((2, AnotherInput(state, number)));
        if (state.Ints.Count > 0 || state.Inputs < MostInputs)
            steps.Add((2, Lookup(state, number)));
        if (state.Outputs.Count < MostOutputs - 1)
            steps.Add((2, Gen.Constant(state.Publish(FormattableString.Invariant($"y{number}")))));
        if (Reuse(state, number) is { } reuse)
            steps.Add((8, reuse));
        return Gen.Frequency([.. steps]);
    }

    private Gen<State> Layer(State state, int number) =>
        from words in state.Place.Word
        from isNamed in Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false)))
        select isNamed ? Named(state, words, number) : state.Append(words, state.Place.Behind(state.Place.After(words), null));

    private Gen<State> Block(State state, int number) =>
        from length in Gen.Choose(1, 3)
        from words in state.Place.Inside.Words(length)
        select Named(state, $"seq[ {words} ]", number);

    /// <summary>The words under a name, where they are one layer; they may be used once more where they have parameters.</summary>
    private State Named(State state, string words, int number)
    {
        string name = FormattableString.Invariant($"v{number}"), named = GraphGrammar.WithName(words, name);
        Place behind = state.Place.Behind(state.Place.After(words), named == words ? null : name);
        State next = state.Append(named, behind);
        return named == words || !state.Place.HasTensors(words)
            ? next
            : next with { Reusables = [.. state.Reusables, new Reusable(name, words, state.Place.Shape)] };
    }

    /// <summary>Of a shape that there is, so that joins fit, or of another.</summary>
    private static Gen<State> AnotherInput(State state, int number) =>
        from known in Gen.Elements<(string Name, Shape Shape)>(state.Place.Named)
        from other in RandomNetworks.Input
        from isKnown in Gen.Frequency((2, Gen.Constant(true)), (1, Gen.Constant(false)))
        let shape = isKnown ? known.Shape : other
        let name = FormattableString.Invariant($"x{number}")
        select state.Append($"in@{name}:{shape.Word}", state.Place.Behind(shape, name)) with { Inputs = state.Inputs + 1 };

    /// <summary>A table, or an earlier one once more, that ints are looked up in: those of a new input or of an earlier one.</summary>
    private static Gen<State> Lookup(State state, int number)
    {
        string name = FormattableString.Invariant($"v{number}");
        return
            from length in Gen.Choose(1, 9)
            from isNew in Gen.Elements(true, false)
            let makesInput = state.Ints.Count == 0 || (isNew && state.Inputs < MostInputs)
            let ints = FormattableString.Invariant($"x{number}")
            from known in makesInput ? Gen.Constant(ints) : Gen.Elements<string>([.. state.Ints.Keys.Order(StringComparer.Ordinal)])
            from rows in Gen.Choose(2, 20)
            from features in Place.Channels
            from mode in Gen.Elements("", ",sum", ",max")
            from padding in Gen.Elements("", "", ",pad0", ",pad-1")
            from isShared in Gen.Elements(true, false)
            from table in state.Tables.Count > 0 && isShared
                ? Gen.Elements<string>([.. state.Tables])
                : Gen.Elements(FormattableString.Invariant($"bag@{name}:{rows},{features}{mode}{padding}"),
                    FormattableString.Invariant($"emb@{name}:{rows},{features}{padding}"))
            let words = state.Tables.Contains(table) ? Sharing(table.Replace(NameOf(table), name, StringComparison.Ordinal), NameOf(table)) : table
            let input = makesInput ? FormattableString.Invariant($"in@{ints}:{length},int") : "from:" + known
            let own = makesInput ? length : state.Ints[known]
            let columns = Word.Number(table.Split(':', ',')[2])
            let behind = state.Place.Behind(table.StartsWith("bag", StringComparison.Ordinal) ? new Shape(columns) : new Shape(own, columns), name)
            select state.Append($"{input} {words}", behind) with
            {
                Inputs = state.Inputs + (makesInput ? 1 : 0),
                Ints = makesInput ? state.Ints.Add(ints, length) : state.Ints,
                Tables = state.Tables.Contains(table) ? state.Tables : [.. state.Tables, table],
            };
    }

    private static string NameOf(string word) => word.Split('@', ':')[1];

    /// <summary>Null where no value fits into what has parameters.</summary>
    private static Gen<State>? Reuse(State state, int number)
    {
        (Reusable Layer, string? From)[] fitting =
        [
            .. from layer in state.Reusables
               from name in Operands.Fitting(state.Place, shape => shape == layer.Input).Select(string? (name) => name)
                   .Concat(layer.Input == state.Place.Shape ? [null] : [])
               select (layer, name),
        ];
        string own = FormattableString.Invariant($"v{number}");
        return fitting.Length == 0 ? null :
            from choice in Gen.Elements(fitting)
            let place = state.Place.Behind(choice.Layer.Input, null)
            let words = Sharing(GraphGrammar.WithName(choice.Layer.Words, own), choice.Layer.Name)
            select state.Append(choice.From is null ? words : $"from:{choice.From} {words}",
                place.Behind(place.After(choice.Layer.Words), own));
    }

    /// <summary>The words with the parameters of the layer or block of that name.</summary>
    private static string Sharing(string words, string name)
    {
        int end = words.IndexOf(' ', StringComparison.Ordinal);
        string head = end < 0 ? words : words[..end];
        return words.Insert(head.Length, (head.Contains(':', StringComparison.Ordinal) ? "," : ":") + Word.Sharing + name);
    }

    private Gen<string> Only(Shape output) =>
        from loss in grammar.Loss(output)
        select RandomNetworks.TakesVectors(loss) && !output.IsVector ? "" : loss;

    private static Gen<string> Losses(IReadOnlyList<(string Name, Shape Shape)> outputs) => outputs.Count == 0
        ? Gen.Constant("")
        : from first in LossOf(outputs[0].Name, outputs[0].Shape)
          from others in Losses([.. outputs.Skip(1)])
          select first + others;

    /// <summary>A loss of an output, or none.</summary>
    private static Gen<string> LossOf(string name, Shape shape) =>
        from hasLoss in Gen.Elements(true, true, true, false)
        from loss in Gen.Elements<string>(
            [.. Registry.DrawnLosses.Where(loss => shape.IsVector || !RandomNetworks.TakesVectors(loss))])
        from factor in Gen.Elements("", ",factor=0.5", ",sum,factor=-2")
        select hasLoss ? $" {loss}{(loss.Contains(':', StringComparison.Ordinal) ? "," : ":")}of={name}{factor}" : "";

    /// <summary>A layer or block with parameters, in front of which stands what is read by it.</summary>
    private sealed record Reusable(string Name, string Words, Shape Input);

    /// <summary>What has been drawn so far.</summary>
    /// <param name="Place">Where the cursor stands.</param>
    /// <param name="Ints">Inputs of ints, with how many a sample has.</param>
    /// <param name="Tables">The words of tables that they are looked up in.</param>
    private sealed record State(
        string Words, Place Place, IReadOnlyList<Reusable> Reusables, IReadOnlyList<(string Name, Shape Shape)> Outputs, int Inputs,
        ImmutableDictionary<string, int> Ints, IReadOnlyList<string> Tables)
    {
        public State Append(string words, Place behind) => this with { Words = $"{Words} {words}", Place = behind };

        public State Publish(string name) =>
            Append("out:" + name, Place.Behind(Place.Shape, name)) with { Outputs = [.. Outputs, (name, Place.Shape)] };
    }
}
