using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.RecurrentLayer))]

namespace NetGen.Generator.Layers;

/// <summary>
/// RNN, LSTM and GRU over a sequence (positions, features). Ports: <c>h</c>, the state behind the last step of each layer and direction,
/// and an LSTM's <c>c</c>, its cell state.
/// </summary>
internal sealed class RecurrentLayer() : Layer<RecurrentSpec>("NetGen.RNNAttribute", "NetGen.LSTMAttribute", "NetGen.GRUAttribute")
{
    private const string StatePort = "h", CellPort = "c";

    /// <summary>More layers are a slip of the hand; each has tensors of its own.</summary>
    private const int MaxLayers = 1000;

    protected override string TypeName(RecurrentSpec spec) => spec.Cell switch
    {
        RecurrentCell.LSTM => "LSTM",
        RecurrentCell.GRU => "GRU",
        _ => "RNN",
    };

    public override bool TakesLengths(LayerSpec spec, int input) => input == 0;

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new RecurrentSpec(
        name,
        arguments.TypeName switch
        {
            "LSTM" => RecurrentCell.LSTM,
            "GRU" => RecurrentCell.GRU,
            _ => arguments.Choice("nonlinearity", "tanh", "relu") == "relu" ? RecurrentCell.ReLU : RecurrentCell.Tanh,
        },
        arguments.OptionalInt("inputSize"),
        arguments.Int("hiddenSize"),
        ReadLayers(arguments),
        arguments.Bool("bias", true),
        (float)arguments.Double("dropout", 0),
        arguments.Bool("bidirectional", false), arguments.OptionalValueName("initialState", SecondInput.Form),
        arguments.OptionalValueName("initialCell", SecondInput.Form), arguments.OptionalInt("projSize") ?? 0);

    private static int ReadLayers(LayerArguments arguments)
    {
        int layers = arguments.OptionalInt("numLayers") ?? 1;
        if (layers <= MaxLayers)
            return layers;
        arguments.Report(DiagnosticDescriptors.ConstantOutOfRange, "numLayers", arguments.TypeName, "number of layers",
            $"at most {MessageText.Number(MaxLayers)}", MessageText.Number(layers));
        return 1;
    }

    protected override IReadOnlyList<NamedInput> Reads(RecurrentSpec spec)
        => [.. FirstState("initialState", spec.InitialState), .. FirstState("initialCell", spec.InitialCell)];

    /// <summary>The states before the first step, where they are named.</summary>
    public static IEnumerable<NamedInput> FirstState(string argument, string? name)
    {
        if (name is not null)
            yield return new NamedInput(argument, name, DiagnosticDescriptors.InitialStateMissing);
    }

    protected override IReadOnlyList<string> Ports(RecurrentSpec spec)
        => spec.Cell == RecurrentCell.LSTM ? [StatePort, CellPort] : [StatePort];

    protected override IReadOnlyList<TensorShape> Infer(RecurrentSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = context.RequirePositions(inputs[0], "give the network an input of (positions, features)");
        if (spec.InputSize is int expected)
            CheckFeatures(expected, input, context);
        int hidden = context.RequireAtLeastOne(spec.HiddenSize, "hiddenSize", "hidden size"),
            layers = context.RequireAtLeastOne(spec.NumLayers, "numLayers", "number of layers");
        int features = CheckProjection(spec, hidden, context);
        // Written so that NaN fails too.
        if (!(spec.Dropout >= 0 && spec.Dropout <= 1))
            context.ReportProbability(spec.Dropout, "dropout");
        int next = 1, rows = Product(layers, spec.Directions);
        (string ofState, string ofCell) = spec.ProjSize == 0 ? ("state", "state") : ("projected state", "cell state");
        if (spec.InitialState is not null)
            CheckFirstState("initialState", spec.InitialState, inputs[next++], rows, features, context, ofState);
        if (spec.InitialCell is not null)
            CheckFirstState("initialCell", spec.InitialCell, inputs[next], rows, hidden, context, ofCell);
        // The products of all gates are what the layer keeps most of.
        int joined = Product(features, spec.Directions);
        bool fits = context.RequireCountable(TensorShape.Image(input.Channels, spec.Units.Gates, hidden)).IsComplete;
        TensorShape output = context.RequireCountable(TensorShape.Sequence(fits ? input.Channels : 0, joined) with { Axis = input.Axis });
        TensorShape state = States(features), cell = features == hidden ? state : States(hidden);
        return spec.Cell == RecurrentCell.LSTM ? [output, state, cell] : [output, state];

        TensorShape States(int size)
            => rows == 1 ? TensorShape.Vector(size) : context.RequireCountable(TensorShape.Sequence(rows, size));
    }

    /// <summary>Features of a state; 0, unknown, behind NG1074 where a projection would not leave fewer of them.</summary>
    private static int CheckProjection(RecurrentSpec spec, int hidden, LayerContext context)
    {
        if (spec.ProjSize >= 0 && (hidden == 0 || spec.ProjSize < hidden))
            return hidden == 0 ? 0 : spec.Units.Features;
        context.Report(DiagnosticDescriptors.ConstantOutOfRange, "projSize", context.DisplayName, "projSize",
            hidden == 0 ? "0 (none) or more" : $"0 (none), or above it and below hiddenSize, which is {MessageText.Number(hidden)}",
            MessageText.Number(spec.ProjSize));
        return 0;
    }

    /// <summary>Reports NG1001 where features that are written are not those that come.</summary>
    public static void CheckFeatures(int expected, TensorShape input, LayerContext context)
    {
        if (context.RequireAtLeastOne(expected, "inputSize", "input size") == 0 || input.Width == 0 || expected == input.Width)
            return;
        string wanted = MessageText.Count(expected, "input feature"), given = LayerContext.FeaturesOfPositions(input);
        if (input.Channels == expected)
            given += "; features come last: put Transpose(1, 2) in front of it";
        context.Report(DiagnosticDescriptors.FeatureMismatch, "inputSize", context.DisplayName, wanted, context.Source, given);
    }

    /// <summary>Reports NG1114 if what was found under the name is known not to be the states of all layers and directions.</summary>
    /// <param name="features">Of each of them.</param>
    /// <param name="kind">What they are called.</param>
    public static void CheckFirstState(string argument, string name, TensorShape state, int rows, int features, LayerContext context,
        string kind = "state")
    {
        if (state.IsUnknown || features == 0 || rows == 0)
            return;
        bool fits = rows == 1 ? state.IsVector && (state.Features == 0 || state.Features == features)
            : state.IsSequence && (state.Channels == 0 || state.Channels == rows) && (state.Width == 0 || state.Width == features);
        if (fits)
            return;
        string wanted = rows == 1 ? $"a {kind} is a vector of {MessageText.Count(features, "feature")}"
            : $"{kind}s of all layers and directions are a sequence ({MessageText.Number(rows)}, {MessageText.Number(features)})";
        context.Report(DiagnosticDescriptors.InitialStateMissing, argument, context.DisplayName,
            $"'{name}' gives {state.InWords}, and {wanted}");
    }

    /// <summary>0, an unknown size, where the product is no <c>int</c>: the weights, which have more elements, are reported.</summary>
    private static int Product(int size, int count) => (long)size * count > int.MaxValue ? 0 : size * count;

    protected override BigInteger CountParameters(RecurrentSpec spec, InferredLayer layer)
    {
        if (!layer.Input.IsSequence)
            return BigInteger.Zero;
        BigInteger rows = (BigInteger)spec.Units.Gates * spec.HiddenSize, biases = spec.Bias ? 2 : 0, features = spec.Units.Features,
            projection = (BigInteger)spec.ProjSize * spec.HiddenSize,
            first = rows * (layer.Input.Width + features + biases) + projection,
            later = rows * (spec.Directions * features + features + biases) + projection;
        return spec.Directions * (first + (spec.NumLayers - 1) * later);
    }

    protected override IReadOnlyList<LayerParameter> Parameters(RecurrentSpec spec, InferredLayer layer)
    {
        int hidden = spec.HiddenSize, features = spec.Units.Features, rows = spec.Units.Gates * hidden;
        return
        [
            .. from place in Places(spec)
               from tensor in Tensors(spec)
               select tensor switch
               {
                   "weight_ih" => Of(place, tensor, ParameterRole.Weight, rows, InputSize(spec, layer, place.Layer)),
                   "weight_hh" => Of(place, tensor, ParameterRole.Weight, rows, features),
                   "weight_hr" => Of(place, tensor, ParameterRole.Weight, features, hidden),
                   _ => Of(place, tensor, ParameterRole.Bias, rows),
               },
        ];

        // PyTorch draws all of them from ±1/√hidden.
        LayerParameter Of((int Layer, bool IsReverse) place, string tensor, ParameterRole role, params int[] shape)
            => new(tensor + Suffix(place.Layer, place.IsReverse), shape, role, hidden, shape[0]);
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec)
    {
        var recurrent = (RecurrentSpec)spec;
        return
        [
            .. from place in Places(recurrent)
               from tensor in Tensors(recurrent)
               select Identifiers.ToPascalCase(tensor + Suffix(place.Layer, place.IsReverse)),
        ];
    }

    protected override long MultiplyAdds(RecurrentSpec spec, InferredLayer layer) => Places(spec).Sum(place =>
        (long)layer.Input.Channels * spec.HiddenSize
            * ((long)spec.Units.Gates * (InputSize(spec, layer, place.Layer) + spec.Units.Features) + spec.ProjSize));

    protected override string Title(RecurrentSpec spec, InferredLayer layer)
    {
        string options = (spec.Cell == RecurrentCell.ReLU ? ", relu" : "")
            + (spec.ProjSize > 0 ? ", projected to " + Invariant.Text(spec.ProjSize) : "")
            + (spec.NumLayers > 1 ? ", " + Invariant.Text(spec.NumLayers) + " layers" : "")
            + (spec.Bidirectional ? ", bidirectional" : "") + (spec.Bias ? "" : ", no bias")
            + (spec.Dropout > 0 ? $", dropout {Invariant.Text(spec.Dropout)}" : "")
            + (spec.InitialState is { } state ? $", from {state}" : "") + (spec.InitialCell is { } cell ? $", cells from {cell}" : "");
        return $"{TypeName(spec)}({Invariant.Text(layer.Input.Width)}, {Invariant.Text(spec.HiddenSize)}{options})";
    }

    protected override IReadOnlyList<Value> Lower(
        RecurrentSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        bool givesStates = IsRead(StatePort), givesCells = spec.Cell == RecurrentCell.LSTM && IsRead(CellPort);
        List<Value> states = [], cells = [];
        Value value = inputs[0];
        for (int number = 0; number < spec.NumLayers; number++)
        {
            if (number > 0)
                value = Drop(spec, layer, value, number, builder);
            var directions = new List<Value>();
            foreach (bool isReverse in spec.Bidirectional ? new[] { false, true } : [false])
            {
                int row = number * spec.Directions + (isReverse ? 1 : 0);
                Value?[] first =
                [
                    spec.InitialState is null ? null : StateOf(layer, inputs[1], row, Stem(number, isReverse) + "FirstH", builder),
                    spec.InitialCell is null ? null
                        : StateOf(layer, inputs[inputs.Count - 1], row, Stem(number, isReverse) + "FirstC", builder),
                ];
                Value steps = LowerSteps(spec, layer, value, number, isReverse, givesCells, first, builder);
                directions.Add(steps);
                string name = Stem(number, isReverse);
                if (givesStates)
                    states.Add(Last(layer, steps, isReverse, name + "H", builder));
                if (givesCells)
                    cells.Add(Last(layer, steps.Producer!.Outputs[1], isReverse, name + "C", builder));
            }
            value = directions.Count == 1 ? directions[0]
                : Join(layer, directions, axis: 1, Stem(number, false) + "Directions", builder);
        }
        Value h = givesStates ? Rows(layer, states, "H", builder) : value, c = givesCells ? Rows(layer, cells, "C", builder) : value;
        return spec.Cell == RecurrentCell.LSTM ? [value, h, c] : [value, h];

        bool IsRead(string port) => builder.Read.Contains(new ValueRef(layer.Path, port));
    }

    /// <summary>Of the states of all layers and directions that of one, as a vector.</summary>
    private static Value StateOf(InferredLayer layer, Value states, int row, string name, GraphBuilder builder)
    {
        if (states.Shape.IsVector)
            return states;
        int features = states.Shape.Width;
        TensorShape one = TensorShape.Sequence(1, features);
        Value own = builder.AddInner(layer, Moves.Slice(states.Shape, 0, row, 1, 1), name + "Row", name + "Row", one, [states]);
        return builder.AddInner(layer, new FlattenOp(ToImage: false), name, name, TensorShape.Vector(features), [own]);
    }

    /// <summary>One layer in one direction: the products of all inputs at once, then the steps.</summary>
    /// <param name="first">State and cell state before the first step; null for zeros.</param>
    private static Value LowerSteps(
        RecurrentSpec spec, InferredLayer layer, Value input, int number, bool isReverse, bool givesCells, Value?[] first,
        GraphBuilder builder)
    {
        int hidden = spec.HiddenSize, gates = spec.Units.Gates;
        TensorShape states = input.Shape.WithLast(spec.Units.Features), cells = input.Shape.WithLast(hidden);
        string name = Stem(number, isReverse), suffix = Suffix(number, isReverse);
        Value products = builder.AddInner(layer, new LinearOp(input.Shape.Width, gates * hidden) { Groups = gates }, name + "Input",
            name + "Products", Gates(gates), [input], [("weight", "weight_ih" + suffix),
            ("bias", "bias_ih" + suffix)]);
        var op = new RecurrentOp(spec.Units, isReverse, builder.HasBackward, givesCells)
        {
            HasInitial = first[0] is not null,
            HasInitialCell = first[1] is not null,
        };
        Value[] operands = [products, .. first.OfType<Value>()];
        Value output = builder.AddInner(layer, op, name, name + "States", states, operands, [("weight", "weight_hh" + suffix),
            ("bias", "bias_hh" + suffix), (RecurrentOp.ProjectionSlot, "weight_hr" + suffix)]);
        if (op.CellPort is not null)
            builder.AddPort(output, layer, name + "Cells", cells);
        if (op.PreviousPort is not null)
            builder.AddPort(output, layer, name + "Previous", states);
        if (op.GatePort is not null)
            builder.AddPort(output, layer, name + "Gates", Gates(spec.Units.SavedGates));
        if (op.UnitPort is not null)
            builder.AddPort(output, layer, name + "Units", cells);
        return output;

        TensorShape Gates(int count) => TensorShape.Image(states.Channels, count, hidden) with { Axis = states.Axis };
    }

    private static Value Drop(RecurrentSpec spec, InferredLayer layer, Value value, int number, GraphBuilder builder)
    {
        if (spec.Dropout == 0)
            return value;
        int stream = builder.NextRandomStream();
        if (!builder.Training)
            return value;
        string name = Stem(number, false);
        Value output = builder.AddInner(layer, new DropoutOp(spec.Dropout, Channelwise: false, stream), name + "Dropout", name + "Dropped",
            value.Shape, [value]);
        builder.AddPort(output, layer, name + "Scales", value.Shape);
        return output;
    }

    /// <summary>The row behind the last step, as a sequence of one position.</summary>
    private static Value Last(InferredLayer layer, Value rows, bool isReverse, string name, GraphBuilder builder)
        => rows.Shape.HasLengths
            ? builder.AddInner(layer, new PickPositionOp(IsLast: !isReverse), name, name, TensorShape.Sequence(1, rows.Shape.Width), [rows])
            : rows.Shape.Channels == 1 ? rows
            : builder.AddInner(layer, Moves.Slice(rows.Shape, 0, isReverse ? 0 : rows.Shape.Channels - 1, 1, 1), name, name,
                TensorShape.Sequence(1, rows.Shape.Width), [rows]);

    /// <summary>The state behind the last step, as a vector.</summary>
    public static Value LastState(InferredLayer layer, Value states, GraphBuilder builder)
        => Rows(layer, [Last(layer, states, isReverse: false, "LastH", builder)], "H", builder);

    /// <summary>Those of all layers and directions: a vector where there is but one.</summary>
    private static Value Rows(InferredLayer layer, IReadOnlyList<Value> rows, string name, GraphBuilder builder)
        => rows.Count > 1 ? Join(layer, rows, axis: 0, name, builder)
            : builder.AddInner(layer, new FlattenOp(ToImage: false), name, name, TensorShape.Vector(rows[0].Shape.Width), [rows[0]]);

    private static Value Join(InferredLayer layer, IReadOnlyList<Value> values, int axis, string name, GraphBuilder builder)
    {
        int extent = values.Sum(value => value.Shape.Dimensions[axis]);
        return builder.AddInner(layer, new ConcatOp(axis), name, name, Moves.With(values[0].Shape, (i, own) => i == axis ? extent : own),
            [.. values]);
    }

    private static IEnumerable<(int Layer, bool IsReverse)> Places(RecurrentSpec spec)
        => from layer in Enumerable.Range(0, Math.Max(0, spec.NumLayers))
           from direction in Enumerable.Range(0, spec.Directions)
           select (layer, direction == 1);

    /// <summary>In PyTorch's order.</summary>
    private static string[] Tensors(RecurrentSpec spec)
    {
        string[] biases = spec.Bias ? ["bias_ih", "bias_hh"] : [], projection = spec.ProjSize > 0 ? ["weight_hr"] : [];
        return ["weight_ih", "weight_hh", .. biases, .. projection];
    }

    private static int InputSize(RecurrentSpec spec, InferredLayer layer, int number)
        => number == 0 ? layer.Input.Width : spec.Directions * spec.Units.Features;

    /// <summary>Behind a tensor's name, as PyTorch has it.</summary>
    private static string Suffix(int layer, bool isReverse) => "_l" + Invariant.Text(layer) + (isReverse ? "_reverse" : "");

    /// <summary>Behind the names of nodes.</summary>
    private static string Stem(int layer, bool isReverse) => "L" + Invariant.Text(layer) + (isReverse ? "Reverse" : "");
}
