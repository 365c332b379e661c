using NetGen.Generator.Diagnostics;
using NetGen.Generator.Ir;
using NetGen.Generator.Reading;
using NetGen.Generator.Shapes;
using NetGen.Generator.Text;

namespace NetGen.Generator.Layers;

/// <summary>What layers of attention can be told besides which keys and values there are.</summary>
/// <param name="Causal">Query i sees the keys 0 to i only.</param>
/// <param name="Window">The last so many keys that a causal query sees; null for all.</param>
/// <param name="Alibi">Keys count less the farther away they are, by a slope of each head's.</param>
/// <param name="Mask">Name of the value that is added to the scores; null for none.</param>
/// <param name="Dropout">The share of probabilities that become zero in training.</param>
internal sealed record AttentionOptions(bool Causal, int? Window, bool Alibi, string? Mask, float Dropout)
{
    public static AttentionOptions Read(LayerArguments arguments) => new(
        arguments.Bool("causal", false), arguments.OptionalInt("window"), arguments.Bool("alibi", false),
        arguments.OptionalValueName("mask", SecondInput.Form), (float)arguments.Double("dropout", 0));

    /// <summary>The mask among the values that a layer reads by name; none where it has no mask.</summary>
    public static IEnumerable<NamedInput> Reads(string? mask)
    {
        if (mask is not null)
            yield return new NamedInput("mask", mask, DiagnosticDescriptors.AttentionMaskMissing);
    }

    /// <summary>Reports what cannot be: a window that is not causal or below 1, a share outside of 0 to 1.</summary>
    public void Check(LayerContext context)
    {
        if (Window is int window && context.RequireAtLeastOne(window, "window", "window") != 0 && !Causal)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "window", context.DisplayName,
                $"a window is the last {MessageText.Count(window, "key")} up to the query's own place: set Causal = true as well");
        }
        // Written so that NaN fails too.
        if (!(Dropout >= 0 && Dropout <= 1))
            context.ReportProbability(Dropout, "dropout");
    }

    /// <summary>Reports NG1111 if keys and values have lengths of different inputs, or if what has lengths of its own has a mask.</summary>
    /// <param name="argument">That names the values, or the keys.</param>
    public void CheckLengths((TensorShape Shape, string Source) query, (TensorShape Shape, string Source) key,
        (TensorShape Shape, string Source) value, string argument, LayerContext context)
    {
        if (key.Shape.Axis != value.Shape.Axis)
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, argument, context.DisplayName,
                $"{key.Source} gives {key.Shape.InWords} and {value.Source} {value.Shape.InWords}, with lengths of different inputs");
        }
        if (Mask is not null && (query.Shape.HasLengths || key.Shape.HasLengths))
        {
            context.Report(DiagnosticDescriptors.AttentionMismatch, "mask", context.DisplayName,
                $"'{Mask}' has one size for all samples, and {(query.Shape.HasLengths ? query.Source : key.Source)} gives lengths of their own");
        }
    }

    /// <summary>Reports NG1111 if a mask does not have the shape of the scores.</summary>
    /// <param name="mask">What was found under its name.</param>
    /// <param name="queries">How many there are; 0 where that is unknown. Likewise <paramref name="keys"/>.</param>
    public void CheckMask(TensorShape mask, int heads, int queries, int keys, LayerContext context)
    {
        if (mask.IsUnknown)
            return;
        bool fits = mask.Rank is 2 or 3 && Is(mask.Dimensions[mask.Rank - 1], keys, canBeOne: false)
            && Is(mask.Dimensions[mask.Rank - 2], queries, canBeOne: true)
            && (mask.Rank == 2 || Is(mask.Dimensions[0], heads, canBeOne: true));
        if (fits)
            return;
        string rows = $"{(queries == 0 ? "queries" : MessageText.Number(queries))}, {(keys == 0 ? "keys" : MessageText.Number(keys))}";
        context.Report(DiagnosticDescriptors.AttentionMismatch, "mask", context.DisplayName,
            $"'{Mask}' gives {mask.InWords}, and what is added to the scores of {MessageText.Count(heads, "head")} is ({rows}) or "
            + $"({MessageText.Number(heads)}, {rows}), with 1 in place of heads or queries where it is the same for all of them");

        static bool Is(int size, int wanted, bool canBeOne) => size == 0 || wanted == 0 || size == wanted || (canBeOne && size == 1);
    }

    /// <summary>What a title says of them behind the word causal.</summary>
    public string InTitle => (Window is int window ? $", window {Invariant.Text(window)}" : "")
        + (Alibi ? ", ALiBi" : "") + (Mask is { } mask ? $", mask {mask}" : "")
        + (Dropout > 0 ? $", dropout {Invariant.Text(Dropout)}" : "");

    /// <summary>About the share of all pairs of queries and keys that is computed.</summary>
    public double Share(int keys)
    {
        double all = Causal ? 0.5 : 1;
        return Window is int window && keys > 0 ? Math.Min(all, (double)window / keys) : all;
    }

    /// <summary>Appends the attention of a layer.</summary>
    /// <param name="op">Heads and sizes.</param>
    /// <param name="operands">Query, key and value, or the one value that is all three.</param>
    /// <param name="mask">What <see cref="Mask"/> names.</param>
    /// <param name="add">Appends the op's node.</param>
    public Value Lower(
        AttentionOp op, InferredLayer layer, Value[] operands, Value? mask, GraphBuilder builder, Func<Op, Value[], Value> add)
    {
        int stream = Dropout > 0 ? builder.NextRandomStream() : 0;
        bool drops = Dropout > 0 && builder.Training;
        op = op with { Window = Window, IsAlibi = Alibi, Mask = mask?.Shape, Dropout = drops ? Dropout : 0, Stream = drops ? stream : 0 };
        Value output = add(op, mask is null ? operands : [.. operands, mask]);
        if (builder.HasBackward)
            builder.AddPort(output, layer, "Statistics", layer.Output.WithLast(op.Heads));
        if (drops)
            builder.AddPort(output, layer, "Drawn", TensorShape.Vector(AttentionOp.DrawnFrom));
        return output;
    }
}
