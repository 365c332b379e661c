using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>What a step computes.</summary>
internal enum RecurrentCell
{
    Tanh,
    ReLU,
    LSTM,
    GRU,
}

/// <summary>Recurrent layers over sequences (positions, features) by the formulas of torch.nn's documentation.</summary>
/// <param name="ProjSize">Features of states that are products of the units; 0 for none.</param>
/// <param name="InitialState">The states before the first step; null for zeros. Likewise <paramref name="InitialCell"/>.</param>
internal sealed record Recurrent(RecurrentCell Cell, int HiddenSize, int NumLayers, bool Bias, float Dropout, bool Bidirectional,
    int ProjSize, string? InitialState, string? InitialCell)
    : Operation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["rnn", "lstm", "gru"];

    public override string Stem => Kind;

    public override string Kind => Kinds[Cell switch
    {
        RecurrentCell.LSTM => 1,
        RecurrentCell.GRU => 2,
        _ => 0,
    }];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(HiddenSize), NumLayers == 1 ? "" : "l" + AttributeWriter.Code(NumLayers), Bidirectional ? "bi" : "",
        ProjSize == 0 ? "" : "proj" + AttributeWriter.Code(ProjSize), Bias ? "" : "nobias",
        Dropout == 0 ? "" : "drop" + AttributeWriter.Code(Dropout), Cell == RecurrentCell.ReLU ? "relu" : "",
        InitialState is null ? "" : "initial=" + InitialState, InitialCell is null ? "" : "cell=" + InitialCell,
    ];

    public override IReadOnlyList<string> Reads => [.. new[] { InitialState, InitialCell }.OfType<string>()];

    public override IReadOnlyList<string> Ports => Cell == RecurrentCell.LSTM ? ["", "h", "c"] : ["", "h"];

    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>Of a state.</summary>
    private int Features => ProjSize == 0 ? HiddenSize : ProjSize;

    private int Gates => Cell switch
    {
        RecurrentCell.LSTM => 4,
        RecurrentCell.GRU => 3,
        _ => 1,
    };

    public static Layer Read(Word word, Shape input) => new Recurrent(
        word.Kind switch
        {
            "lstm" => RecurrentCell.LSTM,
            "gru" => RecurrentCell.GRU,
            _ => word.Has("relu") ? RecurrentCell.ReLU : RecurrentCell.Tanh,
        },
        word.Number(0), word.After("l") is { } layers ? Word.Number(layers) : 1, !word.Has("nobias"), (float)(word.Real("drop") ?? 0),
        word.Has("bi"), word.After("proj") is { } features ? Word.Number(features) : 0, word.After("initial="), word.After("cell="));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Width);
        attribute.Argument(HiddenSize);
        if (attribute.WritesInput && attribute.AsArguments && NumLayers > 1)
            attribute.Argument(NumLayers);
        else
            attribute.Property("NumLayers", NumLayers, 1);
        attribute.Property("Bias", Bias, true);
        attribute.Property("Dropout", AttributeWriter.Code((double)Dropout), Dropout, 0f);
        attribute.Property("Bidirectional", Bidirectional, false);
        if (Cell == RecurrentCell.ReLU)
            attribute.Property("Nonlinearity", "\"relu\"");
        attribute.Property("ProjSize", ProjSize, 0);
        if (InitialState is not null)
            attribute.Property("InitialState", $"\"{InitialState}\"");
        if (InitialCell is not null)
            attribute.Property("InitialCell", $"\"{InitialCell}\"");
        return Kind.ToUpperInvariant();
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs)
    {
        if (!inputs[0].IsSequence)
            throw new FormatException($"it takes a sequence, not {inputs[0]}.");
        int rows = NumLayers * Directions;
        Shape output = new(inputs[0].Channels, Features * Directions);
        return [output, .. Ports.Skip(1).Select(port => States(port == "c" ? HiddenSize : Features))];

        Shape States(int features) => rows == 1 ? new(features) : new(rows, features);
    }

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs)
    {
        for (int layer = 0; layer < NumLayers; layer++)
        {
            int features = layer == 0 ? inputs[0].Width : Features * Directions, rows = Gates * HiddenSize;
            for (int direction = 0; direction < Directions; direction++)
            {
                string suffix = Suffix(layer, direction);
                yield return new ParameterInfo("weight_ih" + suffix, [rows, features], features, true);
                yield return new ParameterInfo("weight_hh" + suffix, [rows, Features], Features, true);
                if (Bias)
                {
                    yield return new ParameterInfo("bias_ih" + suffix, [rows], HiddenSize, false);
                    yield return new ParameterInfo("bias_hh" + suffix, [rows], HiddenSize, false);
                }
                if (ProjSize > 0)
                    yield return new ParameterInfo("weight_hr" + suffix, [ProjSize, HiddenSize], HiddenSize, true);
            }
        }
    }

    public override long Work(IReadOnlyList<Shape> inputs) =>
        (long)inputs[0].Channels * Tensors(inputs).Where(tensor => tensor.IsWeight).Sum(tensor => (long)tensor.Length);

    public override Estimate[][] Forward(LayerRun run)
    {
        if (run.Drops && Dropout > 0)
            throw new NotSupportedException("What is dropped between the layers is tested by comparison with layers by themselves.");
        var outputs = new Estimate[Ports.Count][];
        for (int port = 0; port < Ports.Count; port++)
            outputs[port] = new Estimate[run.Samples];
        for (int sample = 0; sample < run.Samples; sample++)
        {
            List<RecurrentSteps[]> layers = Run(run, sample);
            outputs[0][sample] = Join(layers[^1]);
            RecurrentSteps[] all = [.. layers.SelectMany(layer => layer)];
            outputs[1][sample] = Concatenate(all.Select(steps => steps.LastState));
            if (Ports.Count > 2)
                outputs[2][sample] = Concatenate(all.Select(steps => steps.LastCell));
        }
        return outputs;
    }

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients) =>
        Transposed([.. Enumerable.Range(0, run.Samples).Select(sample =>
            Backward(run, sample, [.. gradients.Select(all => all?[sample])]))]);

    private static Estimate[][] Transposed(Estimate[][] bySample) =>
        [.. Enumerable.Range(0, bySample[0].Length).Select(input => bySample.Select(of => of[input]).ToArray())];

    /// <summary>The gradients of input and, where they are given, first states and cell states.</summary>
    private Estimate[] Backward(LayerRun run, int sample, Estimate?[] gradients)
    {
        List<RecurrentSteps[]> layers = Run(run, sample);
        var first = new (Estimate State, Estimate Cell)[NumLayers * Directions];
        Estimate? dy = gradients[0];
        for (int layer = NumLayers - 1; layer >= 0; layer--)
        {
            Estimate? dx = null;
            for (int direction = 0; direction < Directions; direction++)
            {
                RecurrentSteps steps = layers[layer][direction];
                int row = layer * Directions + direction;
                Estimate? ofStates = dy is null ? null : Part(dy, direction),
                    ofCell = gradients.Length > 2 ? Row(gradients[2], row, HiddenSize) : null;
                (Estimate ofInput, first[row].State, first[row].Cell) =
                    steps.Backward(run, ofStates, Row(gradients[1], row, Features), ofCell);
                dx = dx is null ? ofInput : Estimate.Add(dx, ofInput);
            }
            dy = dx;
        }
        List<Estimate> all = [dy!];
        if (InitialState is not null)
            all.Add(Concatenate(first.Select(own => own.State)));
        if (InitialCell is not null)
            all.Add(Concatenate(first.Select(own => own.Cell)));
        return [.. all];
    }

    /// <summary>All layers, each in all directions.</summary>
    private List<RecurrentSteps[]> Run(LayerRun run, int sample)
    {
        Estimate x = run.Inputs[0][sample];
        var layers = new List<RecurrentSteps[]>();
        for (int layer = 0; layer < NumLayers; layer++)
        {
            Estimate input = layer == 0 ? x : Join(layers[^1]);
            layers.Add([.. Enumerable.Range(0, Directions).Select(direction =>
                RecurrentSteps.Forward(Cell, HiddenSize, Gates, Suffix(layer, direction), direction == 1, run, input,
                    First(InitialState is null ? null : run.Inputs[1][sample], layer, direction, Features),
                    First(InitialCell is null ? null : run.Inputs[^1][sample], layer, direction, HiddenSize)))]);
        }
        return layers;
    }

    /// <summary>The states of all directions side by side.</summary>
    private Estimate Join(RecurrentSteps[] directions)
    {
        int positions = directions[0].States.Length / Features;
        var joined = new Estimate(positions * Features * Directions);
        for (int position = 0; position < positions; position++)
        {
            for (int direction = 0; direction < Directions; direction++)
            {
                int to = (position * Directions + direction) * Features, from = position * Features;
                Array.Copy(directions[direction].States.Values, from, joined.Values, to, Features);
                Array.Copy(directions[direction].States.Errors, from, joined.Errors, to, Features);
            }
        }
        return joined;
    }

    /// <summary>What one direction has of what stands side by side.</summary>
    private Estimate Part(Estimate joined, int direction)
    {
        var part = new Estimate(joined.Length / Directions);
        for (int position = 0; position < part.Length / Features; position++)
        {
            int from = (position * Directions + direction) * Features, to = position * Features;
            Array.Copy(joined.Values, from, part.Values, to, Features);
            Array.Copy(joined.Errors, from, part.Errors, to, Features);
        }
        return part;
    }

    private Approximate[] First(Estimate? all, int layer, int direction, int features) => all is null ? new Approximate[features]
        : [.. Enumerable.Range((layer * Directions + direction) * features, features).Select(at => Approximate.Of(all, at))];

    private static Estimate? Row(Estimate? rows, int row, int features)
    {
        Range range = (row * features)..((row + 1) * features);
        return rows is null ? null : new Estimate(rows.Values[range], rows.Errors[range]);
    }

    private static Estimate Concatenate(IEnumerable<Estimate> parts)
    {
        Estimate[] all = [.. parts];
        return new Estimate([.. all.SelectMany(part => part.Values)], [.. all.SelectMany(part => part.Errors)]);
    }

    private static string Suffix(int layer, int direction) =>
        FormattableString.Invariant($"_l{layer}") + (direction == 1 ? "_reverse" : "");
}
