using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Specs;
using NetGen.Generator.Surface;
using NetGen.Generator.Text;
using static NetGen.Generator.Surface.Doc;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>
/// The calls of a trainer that take what is particular to a network: each checks its arguments, keeps their addresses, and leaves the rest
/// to the core.
/// </summary>
internal sealed class TrainerCalls(NetworkFacts network)
{
    private const string InputGradientCheck = "CheckLengthOrEmpty(inputGradient.Length, samples, InputSize, \"inputGradient\");";

    private static readonly SurfaceParameter s_inputGradient = new(RuntimeTypes.Span, "inputGradient");

    private static readonly SurfaceParameter s_outputGradient = new(RuntimeTypes.ReadOnlySpan("float"), "outputGradient");

    private static readonly string s_badLength = Throws("System.ArgumentException", "A length is wrong; nothing was changed.");

    private static readonly string s_noForward = Throws("System.InvalidOperationException", "No forward pass came before.");

    private readonly string _aboutInput = SurfaceTexts.AboutInput(network, RuntimeTypes.ITrainer + ".BatchSize");

    private readonly string _aboutInputGradient =
        Param("inputGradient", $"Receives n × {Literals.Int(network.Input.Size)} values; may be empty.");

    /// <summary>In the order of the class.</summary>
    public IEnumerable<SurfaceItem> All =>
    [
        .. network.Targets.Count > 0 ? [SampleLosses] : Array.Empty<SurfaceItem>(),
        .. network.Targets.Select(Step),
        Forward,
        .. network.Targets.SelectMany(target => new[] { BackwardOfParameters(target), Backward(target) }),
        BackwardFromOutput,
    ];

    /// <summary>What the output must be for the loss to be defined; null where it always is.</summary>
    public static string? OutputRequirement(NetworkPlan plan)
        => plan.Training.Graph.LossNodes.Select(node => node.Op).OfType<LossOp>().SingleOrDefault()?.OutputRequirement;

    /// <summary>One parameter for each field of the trainer that holds targets.</summary>
    public static IEnumerable<TargetParameter> TargetFields(NetworkFacts network)
        => network.Targets.SelectMany(target => target.Parameters).GroupBy(parameter => parameter.Type).Select(group => group.First());

    private static SurfaceMember SampleLosses => Property(RuntimeTypes.ReadOnlySpan("double"), "SampleLosses").Says(Summary(
        "The loss of each sample of the last step or backward pass, before their sum was divided by anything: summed over the sample's "
        + "elements. Empty before the first.")).Does(() => Body.Of("LossOfEachSample"));

    private string Reduced => network.Spec.Loss?.Reduction switch
    {
        LossReduction.Mean => "mean",
        LossReduction.Sum => "summed",
        _ => "summed, by the number of samples,",
    };

    private IEnumerable<string> OutputException => network.Plan is { } plan && OutputRequirement(plan) is { } requirement
        ? [Throws("System.ArithmeticException", $"{XmlText.Escape(requirement)} Parameters and optimiser are unchanged then.")]
        : [];

    private SurfaceMember Step(LossTarget target) => Method("float", "Step", [SurfaceTexts.Input, .. Parameters(target)]).Says(
    [
        Summary("One step of training: forward, loss, backward, and the optimiser's update."),
        _aboutInput,
        .. About(target),
        Returns($"The {Reduced} loss of the batch, before the update."),
        s_badLength,
        .. OutputException,
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        int samples = SamplesOf(input.Length, InputSize);
        {{Check(target)}}
        {{Fixed(target)}}fixed (float* source = input)
        {
            _input = source;
            _inputGradient = null;
            {{Keep(target)}}
            return RunStep(samples, divisor);
        }
        """));

    private SurfaceMember Forward => Method("void", "Forward", SurfaceTexts.Input, SurfaceTexts.Output).Says(
        Summary("Forward pass of training: dropout is active, and the activations are kept for a backward pass."),
        _aboutInput,
        Param("output", $"Receives n × {Literals.Int(network.Output.Size)} values; may be empty."),
        s_badLength).Does(() => Body.Block("""
        using Call call = Enter();
        int samples = SamplesOf(input.Length, InputSize);
        CheckLengthOrEmpty(output.Length, samples, OutputSize, "output");
        fixed (float* source = input, target = output)
        {
            _input = source;
            _output = target;
            RunForward(samples);
        }
        """));

    private SurfaceMember BackwardOfParameters(LossTarget target) => Method("float", "Backward", [.. Parameters(target)]).Says(
    [
        Summary("Loss of the last forward pass, and the gradients of all parameters, which replace those of the pass before."),
        .. About(target),
        Returns($"The {Reduced} loss of the batch."),
        s_noForward,
    ]).Does(() => Body.Of($"Backward({string.Join(", ", target.Parameters.Select(parameter => parameter.Name))}, default)"));

    private SurfaceMember Backward(LossTarget target) => Method("float", "Backward", [.. Parameters(target), s_inputGradient]).Says(
    [
        Summary("Loss of the last forward pass, and the gradients of all parameters and of the input."),
        .. About(target),
        _aboutInputGradient,
        Returns($"The {Reduced} loss of the batch."),
        s_noForward,
        s_badLength,
        .. OutputException,
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        int samples = SamplesOfForward();
        {{Check(target)}}
        {{InputGradientCheck}}
        {{Fixed(target)}}fixed (float* result = inputGradient)
        {
            _inputGradient = result;
            {{Keep(target)}}
            return RunBackward(divisor, result != null);
        }
        """));

    private SurfaceMember BackwardFromOutput => Method("void", "BackwardFromOutput", s_outputGradient, s_inputGradient).Says(
        Summary("Backward pass from a gradient of the caller's: for losses that are computed elsewhere."),
        Param("outputGradient",
            $"n × {Literals.Int(network.Output.Size)} values: the derivative of the loss with respect to the output of the last "
                + $"forward pass."),
        _aboutInputGradient,
        s_noForward,
        s_badLength).Does(() => Body.Block($$"""
        using Call call = Enter();
        int samples = SamplesOfForward();
        CheckLength(outputGradient.Length, samples, OutputSize, "outputGradient");
        {{InputGradientCheck}}
        fixed (float* source = outputGradient, result = inputGradient)
        {
            _outputGradient = source;
            _inputGradient = result;
            RunBackwardFromOutput(result != null);
        }
        """));

    private static IEnumerable<SurfaceParameter> Parameters(LossTarget target)
        => target.Parameters.Select(parameter => new SurfaceParameter(RuntimeTypes.ReadOnlySpan(parameter.Type), parameter.Name));

    private static IEnumerable<string> About(LossTarget target)
        => target.Parameters.Select(parameter => Param(parameter.Name, XmlText.Escape(parameter.Documentation)));

    /// <summary>Statements that check the targets of <c>samples</c> samples and set <c>divisor</c>.</summary>
    private static string Check(LossTarget target)
    {
        var writer = new SourceWriter();
        target.EmitCheck(writer, "samples");
        return writer.ToString().TrimEnd('\n');
    }

    private static string Fixed(LossTarget target) => string.Concat(target.Parameters.Select(parameter =>
        $"fixed ({parameter.Type}* {parameter.Pointer}Pointer = {parameter.Name}) "));

    /// <summary>Where the loss takes targets of several forms, those of the other form are null.</summary>
    private string Keep(LossTarget target) => string.Join("\n    ", TargetFields(network).Select(field =>
        $"{field.Field} = {(target.Parameters.Any(parameter => parameter.Type == field.Type) ? field.Pointer + "Pointer" : "null")};"));
}
