using FsCheck;
using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Networks;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Layers;

/// <summary>A GRU over (positions, features) whose steps look at <paramref name="Memory"/>.</summary>
/// <param name="InitialState">The state before the first step; null for zeros.</param>
/// <param name="AttentionSize">Features of additive scores; null for as many as a state has.</param>
internal sealed record AttentionGRU(int HiddenSize, string Memory, string? InitialState, bool IsAdditive, int? AttentionSize, bool Bias)
    : Operation, ILayer
{
    public static IReadOnlyList<string> Kinds => ["attgru"];

    public override string Stem => "attentiongru";

    public override string Kind => Kinds[0];

    public override IEnumerable<string> Options =>
    [
        AttributeWriter.Code(HiddenSize), Memory, InitialState is null ? "" : "initial=" + InitialState, IsAdditive ? "" : "dot",
        AttentionSize is { } size ? "size" + AttributeWriter.Code(size) : "", Bias ? "" : "nobias",
    ];

    public override IReadOnlyList<string> Reads => InitialState is null ? [Memory] : [Memory, InitialState];

    public override IReadOnlyList<string> Ports => ["", "h", "context", "attention"];

    /// <summary>Features of queries and keys.</summary>
    public int QuerySize => AttentionSize ?? HiddenSize;

    public static Layer Read(Word word, Shape input) => new AttentionGRU(word.Number(0), word.Option(1), word.After("initial="),
        !word.Has("dot"), (int?)word.Real("size"), !word.Has("nobias"));

    public override string Declare(AttributeWriter attribute, IReadOnlyList<Shape> inputs)
    {
        if (attribute.WritesInput)
            attribute.Argument(inputs[0].Width);
        attribute.Argument(HiddenSize);
        attribute.Property("Memory", $"\"{Memory}\"");
        if (InitialState is not null)
            attribute.Property("InitialState", $"\"{InitialState}\"");
        if (!IsAdditive)
            attribute.Property("Score", "\"dot\"");
        if (AttentionSize is { } size)
            attribute.Property("AttentionSize", AttributeWriter.Code(size));
        attribute.Property("Bias", Bias, true);
        return "AttentionGRU";
    }

    public override IReadOnlyList<Shape> Infer(IReadOnlyList<Shape> inputs) => inputs[0].IsSequence && inputs[1].IsSequence
        ?
        [
            new Shape(inputs[0].Channels, HiddenSize), new Shape(HiddenSize), new Shape(inputs[0].Channels, inputs[1].Width),
            new Shape(inputs[0].Channels, inputs[1].Channels),
        ]
        : throw new FormatException("it takes two sequences.");

    public override IEnumerable<ParameterInfo> Tensors(IReadOnlyList<Shape> inputs)
    {
        int rows = 3 * HiddenSize, memory = inputs[1].Width;
        yield return new ParameterInfo("weight_ih", [rows, inputs[0].Width], inputs[0].Width, true);
        yield return new ParameterInfo("weight_ch", [rows, memory], memory, true);
        yield return new ParameterInfo("weight_hh", [rows, HiddenSize], HiddenSize, true);
        if (Bias)
        {
            yield return new ParameterInfo("bias_ih", [rows], HiddenSize, false);
            yield return new ParameterInfo("bias_hh", [rows], HiddenSize, false);
        }
        if (!IsAdditive)
            yield break;
        yield return new ParameterInfo("weight_query", [QuerySize, HiddenSize], HiddenSize, true);
        yield return new ParameterInfo("weight_key", [QuerySize, memory], memory, true);
        yield return new ParameterInfo("weight_score", [1, QuerySize], QuerySize, true);
    }

    public override long Work(IReadOnlyList<Shape> inputs) => (long)inputs[0].Channels
        * (Tensors(inputs).Where(tensor => tensor.IsWeight).Sum(tensor => (long)tensor.Length) + inputs[1].Channels * 3L * QuerySize);

    public override Estimate[][] Forward(LayerRun run)
    {
        AttentionSteps[] all = [.. Enumerable.Range(0, run.Samples).Select(sample => AttentionSteps.Forward(this, run, sample))];
        return
        [
            [.. all.Select(steps => steps.States)], [.. all.Select(steps => steps.LastState)], [.. all.Select(steps => steps.Contexts)],
            [.. all.Select(steps => steps.Weights)],
        ];
    }

    public override Estimate[]?[] Backward(LayerRun run, Estimate[]?[] gradients)
    {
        Estimate[][] bySample =
        [
            .. Enumerable.Range(0, run.Samples).Select(sample => AttentionSteps.Forward(this, run, sample)
                .Backward(run, [.. gradients.Select(all => all?[sample])])),
        ];
        return [.. Enumerable.Range(0, run.Inputs.Count).Select(input => bySample.Select(of => of[input]).ToArray())];
    }

    public static int Frequency => 1;

    /// <summary>Drawn with the other layers of sequences.</summary>
    public static Gen<string>? Draw(Place place) => null;

    /// <summary>
    /// Fewer features than a vector has lanes, as many and more; a memory of one position; all outputs, with and without the state.
    /// </summary>
    public static IReadOnlyList<string> Rows =>
    [
        "in@m:7x9 in@x:5x6 attgru:8,m linear:3 out:y mse:of=y", "in@m:20x16 in@x:9x16 attgru:16,m out:y mse:of=y",
        "in@m:1x20 in@x:4x3 attgru:33,m,size7,nobias linear:4 out:y l1:of=y", "in@m:5x17 in@x:6x5 attgru:17,m,dot linear:4 out:y mse:of=y",
        "in@m:18x33 in@x:3x40 attgru:33,m,dot,nobias out:y mse:of=y",
        "in@m:6x7 gru@e:20 in@x:5x6 attgru:20,e,initial=e.h,size16 linear:5 out:y mse:of=y",
        "in@m:6x7 gru@e:16 in@x:1x6 attgru:16,e,initial=e.h,dot linear:5 out:y mse:of=y",
        "in@m:9x7 linear@e:12 in@x:4x6 attgru@d:10,e,size40 concat:d.context,dim2 linear:5 out:y from:d.attention out:a mse:of=y mse:of=a",
        "in@m:9x10 linear@e:10 in@x:4x6 attgru@d:10,e,dot from:d.h linear:3 out:y from:d.context out:c mse:of=y l1:of=c",
        "in@m:3x8 in@x:4x6 linear@s:12 mean:1 tanh@i from:s attgru@d:12,m,initial=i from:d.attention out:a mse:of=a",
        "in:6x8 attgru:8,input,dot mean:1 linear:3 ce", "in@m:4x8 in@x:4x8 attgru@a:8,m attgru:8,m,&a out:y mse:of=y",
        "in@m:4x8 linear@e:8,frozen in@x:4x8 attgru:8,e,frozen linear:3 out:y mse:of=y",
    ];
}
