using System.Numerics;
using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Registration;
using NetGen.Generator.Shapes;
using NetGen.Generator.Specs;
using NetGen.Generator.Text;

[assembly: Kind(typeof(NetGen.Generator.Layers.AttentionGRULayer))]

namespace NetGen.Generator.Layers;

/// <summary>A GRU whose steps look at a memory.</summary>
/// <param name="Memory">Name of the value that is looked at; null where none is given.</param>
/// <param name="InitialState">Name of the state before the first step; null for zeros.</param>
/// <param name="AttentionSize">Features of additive scores; null for as many as a state has.</param>
internal sealed record AttentionGRUSpec(string Name, int? InputSize, int HiddenSize, string? Memory, string? InitialState, bool IsAdditive,
    int? AttentionSize, bool Bias) : LayerSpec(Name);

/// <summary>
/// Inputs: what precedes the layer, the memory and, where it is named, the first state. Ports: <c>h</c>, the state behind the last step,
/// and of each step <c>context</c> and <c>attention</c>.
/// </summary>
internal sealed class AttentionGRULayer() : Layer<AttentionGRUSpec>("NetGen.AttentionGRUAttribute")
{
    private const string StatePort = "h", ContextPort = "context", WeightPort = "attention";

    protected override string TypeName(AttentionGRUSpec spec) => "AttentionGRU";

    public override bool TakesLengths(LayerSpec spec, int input) => input < 2;

    public override bool HasParameters(LayerSpec spec) => true;

    public override LayerSpec Read(LayerArguments arguments, string name) => new AttentionGRUSpec(
        name, arguments.OptionalInt("inputSize"), arguments.Int("hiddenSize"), arguments.OptionalValueName("memory", SecondInput.Form),
        arguments.OptionalValueName("initialState", SecondInput.Form), arguments.Choice("score", "additive", "dot") == "additive",
        arguments.OptionalInt("attentionSize"), arguments.Bool("bias", true));

    protected override IReadOnlyList<NamedInput> Reads(AttentionGRUSpec spec)
    {
        NamedInput memory = ScaledDotProductAttentionLayer.Named("memory", spec.Memory, "Memory") with
        {
            Descriptor = DiagnosticDescriptors.MemoryMissing,
        };
        return [memory, .. RecurrentLayer.FirstState("initialState", spec.InitialState)];
    }

    protected override IReadOnlyList<string> Ports(AttentionGRUSpec spec) => [StatePort, ContextPort, WeightPort];

    protected override IReadOnlyList<TensorShape> Infer(AttentionGRUSpec spec, IReadOnlyList<TensorShape> inputs, LayerContext context)
    {
        TensorShape input = context.RequirePositions(inputs[0]),
            memory = ScaledDotProductAttentionLayer.RequirePositions(inputs[1], $"'{spec.Memory}'", "memory", context);
        int hidden = context.RequireAtLeastOne(spec.HiddenSize, "hiddenSize", "hidden size");
        if (spec.InputSize is int expected)
            RecurrentLayer.CheckFeatures(expected, input, context);
        if (spec.AttentionSize is int size)
            context.RequireAtLeastOne(size, "attentionSize", "number of features");
        if (!spec.IsAdditive)
            CheckDot(spec, memory, hidden, context);
        if (spec.InitialState is not null)
            RecurrentLayer.CheckFirstState("initialState", spec.InitialState, inputs[2], rows: 1, hidden, context);
        // The gates that are saved are what the layer keeps most of.
        TensorShape saved = TensorShape.Image(input.Channels, AttentionRecurrentOp.SavedGates, hidden);
        bool fits = context.RequireCountable(saved).IsComplete;
        TensorShape output = context.RequireCountable(TensorShape.Sequence(fits ? input.Channels : 0, hidden) with { Axis = input.Axis });
        return
        [
            output, TensorShape.Vector(hidden), context.RequireCountable(output.WithLast(memory.Width)),
            context.RequireCountable(output.WithLast(memory.Channels)),
        ];
    }

    private static void CheckDot(AttentionGRUSpec spec, TensorShape memory, int hidden, LayerContext context)
    {
        if (hidden != 0 && memory.Width != 0 && memory.Width != hidden)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "score", context.DisplayName,
                $"dot scores multiply a state of {MessageText.Count(hidden, "feature")} with a position of '{spec.Memory}', which has "
                + $"{MessageText.Number(memory.Width)}; Score = \"additive\" takes any number");
        }
        if (spec.AttentionSize is not null)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "attentionSize", context.DisplayName,
                "dot scores have no features of their own: AttentionSize is for Score = \"additive\"");
        }
    }

    protected override BigInteger CountParameters(AttentionGRUSpec spec, InferredLayer layer)
    {
        if (!layer.Input.IsSequence || !layer.Inputs[1].Shape.IsSequence)
            return BigInteger.Zero;
        BigInteger hidden = spec.HiddenSize, memory = layer.Inputs[1].Shape.Width, size = SizeOf(spec);
        BigInteger ofGates = 3 * hidden * (layer.Input.Width + memory + hidden + (spec.Bias ? 2 : 0));
        return spec.IsAdditive ? ofGates + size * (hidden + memory + 1) : ofGates;
    }

    private static int SizeOf(AttentionGRUSpec spec) => spec.IsAdditive ? spec.AttentionSize ?? spec.HiddenSize : spec.HiddenSize;

    protected override IReadOnlyList<LayerParameter> Parameters(AttentionGRUSpec spec, InferredLayer layer)
    {
        int hidden = spec.HiddenSize, rows = AttentionRecurrentOp.Gates * hidden, memory = layer.Inputs[1].Shape.Width, size = SizeOf(spec);
        IEnumerable<LayerParameter> all =
        [
            // PyTorch draws all of a GRU's from ±1/√hidden.
            new("weight_ih", [rows, layer.Input.Width], ParameterRole.Weight, hidden, rows),
            new("weight_ch", [rows, memory], ParameterRole.Weight, hidden, rows),
            new("weight_hh", [rows, hidden], ParameterRole.Weight, hidden, rows),
        ];
        if (spec.Bias)
        {
            all = all.Concat([new("bias_ih", [rows], ParameterRole.Bias, hidden, rows),
                new("bias_hh", [rows], ParameterRole.Bias, hidden, rows)]);
        }
        if (spec.IsAdditive)
        {
            all = all.Concat([new("weight_query", [size, hidden], ParameterRole.Weight, hidden, size),
                new("weight_key", [size, memory], ParameterRole.Weight, memory, size),
                new("weight_score", [1, size], ParameterRole.Weight, size, 1)]);
        }
        return [.. all];
    }

    public override IReadOnlyList<string> TensorNames(LayerSpec spec)
    {
        var own = (AttentionGRUSpec)spec;
        return
        [
            "WeightIh", "WeightCh", "WeightHh", .. own.Bias ? new[] { "BiasIh", "BiasHh" } : [],
            .. own.IsAdditive ? new[] { "WeightQuery", "WeightKey", "WeightScore" } : [],
        ];
    }

    protected override long MultiplyAdds(AttentionGRUSpec spec, InferredLayer layer)
    {
        TensorShape memory = layer.Inputs[1].Shape;
        long hidden = spec.HiddenSize, size = SizeOf(spec), steps = layer.Input.Channels,
            ofStep = 3 * hidden * (layer.Input.Width + memory.Width + hidden) + memory.Channels * (size + memory.Width);
        return spec.IsAdditive ? steps * (ofStep + size * hidden) + (long)memory.Channels * memory.Width * size : steps * ofStep;
    }

    protected override string Title(AttentionGRUSpec spec, InferredLayer layer)
    {
        string score = spec.IsAdditive ? spec.AttentionSize is int size ? $", attention {Invariant.Text(size)}" : "" : ", dot";
        return $"AttentionGRU({Invariant.Text(layer.Input.Width)}, {Invariant.Text(spec.HiddenSize)}, {spec.Memory}{score}"
            + $"{(spec.InitialState is { } initial ? $", from {initial}" : "")}{(spec.Bias ? "" : ", no bias")})";
    }

    protected override IReadOnlyList<Value> Lower(
        AttentionGRUSpec spec, InferredLayer layer, IReadOnlyList<Value> inputs, GraphBuilder builder)
    {
        Value input = inputs[0], memory = inputs[1];
        int hidden = spec.HiddenSize, gates = AttentionRecurrentOp.Gates, size = SizeOf(spec);
        TensorShape states = layer.Output;
        Value products = builder.AddInner(layer, new LinearOp(input.Shape.Width, gates * hidden) { Groups = gates }, "Input", "Products",
            Gates(gates), [input], [("weight", "weight_ih"), ("bias", "bias_ih")]);
        Value keys = !spec.IsAdditive ? memory
            : builder.AddInner(layer, new LinearOp(memory.Shape.Width, size), "Keys", "Keys", memory.Shape.WithLast(size), [memory],
                [("weight", "weight_key")]);
        bool saves = builder.HasBackward;
        var attention = new MemoryAttention(memory.Shape.Channels, memory.Shape.Width, size, spec.IsAdditive);
        var op = new AttentionRecurrentOp(hidden, attention, spec.InitialState is not null, saves);
        Value output = builder.AddLast(layer, op, [products, keys, memory, .. inputs.Skip(2)],
            [("weight", "weight_hh"), ("bias", "bias_hh"), (AttentionRecurrentOp.ContextSlot, "weight_ch"),
                (AttentionRecurrentOp.QuerySlot, "weight_query"), (AttentionRecurrentOp.ScoreSlot, "weight_score")]);
        builder.AddPort(output, layer, "Attention", states.WithLast(memory.Shape.Channels));
        builder.AddPort(output, layer, "Context", states.WithLast(memory.Shape.Width));
        if (saves)
        {
            builder.AddPort(output, layer, "Previous", states);
            builder.AddPort(output, layer, "Gates", Gates(AttentionRecurrentOp.SavedGates));
            if (spec.IsAdditive)
                builder.AddPort(output, layer, "Queries", states.WithLast(size));
        }
        List<Value> outputs = output.Producer!.Outputs;
        Value last = builder.Read.Contains(new ValueRef(layer.Path, StatePort)) ? RecurrentLayer.LastState(layer, output, builder) : output;
        return [output, last, outputs[AttentionRecurrentOp.ContextPort], outputs[AttentionRecurrentOp.WeightPort]];

        TensorShape Gates(int count) => TensorShape.Image(states.Channels, count, hidden) with { Axis = states.Axis };
    }
}
