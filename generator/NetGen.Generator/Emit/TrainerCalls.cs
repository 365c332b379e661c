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
    private static readonly string s_badLength = Throws("System.ArgumentException", "A length is wrong; nothing was changed.");

    private static readonly string s_noForward = Throws("System.InvalidOperationException", "No forward pass came before.");

    /// <summary>The inputs whose gradients the caller may ask for.</summary>
    private readonly IReadOnlyList<SurfacePort> _differentiable = [.. network.Inputs.Where(port => port.HasGradient)];

    /// <summary>In the order of the class.</summary>
    public IEnumerable<SurfaceItem> All =>
    [
        .. network.Losses.Select(SampleLosses),
        .. network.Choices.Select(Step),
        .. network.CudaTraining is null ? [] : network.Choices.Select(Enqueue),
        .. network.Losses.Count > 0 ? [StepBatch] : Array.Empty<SurfaceItem>(),
        Forward,
        .. network.Choices.SelectMany(choice =>
            _differentiable.Count == 0 ? new[] { Backward(choice) } : [BackwardOfParameters(choice), Backward(choice)]),
        BackwardFromOutput,
    ];

    /// <summary>What each output must be for its loss to be defined; null where it always is.</summary>
    public static IReadOnlyList<string?> OutputRequirements(NetworkPlan plan)
        => [.. plan.Training.Graph.Losses.Select(nodes => nodes.Select(node => node.Op).OfType<LossOp>().Single().OutputRequirement)];

    /// <summary>One parameter for each field of the trainer that holds targets.</summary>
    public static IEnumerable<SurfaceTargetParameter> TargetFields(NetworkFacts network)
        => network.Losses.SelectMany(loss => loss.Targets).SelectMany(target => target.Parameters)
            .GroupBy(parameter => parameter.Field).Select(group => group.First());

    private static SurfaceMember SampleLosses(SurfaceLoss loss)
    {
        string[] outputs = [.. loss.Outputs.Select(output => $"'{output.Port.Name}'")];
        string of = loss.Stem.Length == 0 ? "The loss" : $"The loss of {string.Join(" and ", outputs)}";
        return Property(RuntimeTypes.ReadOnlySpan("double"), loss.Stem + "SampleLosses").Says(Summary(
            $"{of} of each sample of the last step or backward pass, before their sum was divided by anything: summed over the sample's "
            + "elements. Empty before the first."))
            .Does(() => Body.Of(loss.Index == 0 ? "LossOfEachSample" : $"OfEachSample({Literals.Int(loss.Index)})"));
    }

    private string Reduced => network.Losses.Count > 1 ? "sum of the losses" : network.Losses.FirstOrDefault()?.Spec.Reduction switch
    {
        LossReduction.Mean => "mean loss",
        LossReduction.Sum => "summed loss",
        _ => "summed, by the number of samples, loss",
    };

    private IEnumerable<string> OutputException => network.Plan is not { } plan ? []
        : OutputRequirements(plan).OfType<string>().Distinct().Select(requirement => Throws(
            "System.ArithmeticException", $"{XmlText.Escape(requirement)} Parameters and optimiser are unchanged then."));

    private IEnumerable<string> AboutInputs => SurfaceTexts.AboutInputs(network.Inputs, RuntimeTypes.ITrainer + ".BatchSize");

    private IEnumerable<string> AboutInputGradients => _differentiable.Select(port =>
        Param(port.GradientSpan, $"Receives n × {Literals.Int(port.Shape.Size)} values; may be empty."));

    private IEnumerable<SurfaceParameter> InputGradients => _differentiable.Select(port => port.WrittenGradient);

    private string ClearedInputs => string.Concat(_differentiable.Select(port => $"{port.GradientField} = null;\n    "));

    private SurfaceMember Step(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => Method("float", "Step",
        [.. SurfaceTexts.Reads(network.Inputs), .. Parameters(choice)]).Says(
    [
        Summary("One step of training: forward, loss, backward, and the optimiser's update."),
        .. AboutInputs,
        .. About(choice),
        Returns($"The {Reduced} of the batch, before the update."),
        s_badLength,
        .. SurfaceTexts.IndexException(network.Inputs, "nothing was changed."),
        .. OutputException,
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        {{Lines(SurfaceTexts.CountSamples(network.Inputs))}}
        {{Check(choice)}}
        {{Fixed(choice)}}{{SurfaceTexts.Fixed(SurfaceTexts.Addresses(network.Inputs, "source"))}}
        {
            {{string.Join("\n    ", SurfaceTexts.Keep(network.Inputs, "source").Concat(SurfaceTexts.KeepLengths(network.Inputs)))}}
            {{ClearedInputs}}{{Keep(choice)}}return RunStep(samples, {{Divisors(choice)}});
        }
        """));

    /// <summary>Only where there are kernels for GPUs: elsewhere it would be another name of <c>Step</c>.</summary>
    private SurfaceMember Enqueue(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => Method("void", "Enqueue",
        [.. SurfaceTexts.Reads(network.Inputs), .. Parameters(choice)]).Says(
    [
        Summary("One step of training that nobody waits for where it runs on a GPU; "
            + $"<see cref=\"{RuntimeTypes.ITrainer}.Enqueue\"/> says where it does not, "
            + $"<see cref=\"{RuntimeTypes.ITrainer}.LastLoss\"/> what has come back."),
        .. AboutInputs,
        .. About(choice),
        s_badLength,
        .. SurfaceTexts.IndexException(network.Inputs, "nothing was changed."),
        .. OutputException,
    ]).Does(() => Body.Block($$"""
        using Queueing queueing = Queue();
        Step({{string.Join(", ", SurfaceTexts.Reads(network.Inputs).Concat(Parameters(choice)).Select(parameter => parameter.Name))}});
        """));

    /// <summary>The same for those who know only that it is a trainer: the forms of the batch's targets decide which of them.</summary>
    private SurfaceItem StepBatch => Override("StepBatch", () => StepOf(network.Choices),
        new SurfaceParameter("in global::NetGen.Batch", "batch")) with
    {
        Type = "float",
    };

    private Body StepOf(IReadOnlyList<IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)>> choices)
    {
        int targets = PortsText.TargetSlots(network).Count();
        IReadOnlyList<BatchInput> brought = BatchInputs.Of(network);
        IEnumerable<string> inputs = brought.Count == 1 ? [brought[0].Getter == "GetInput" ? "batch.Input" : "batch.IntInput"]
            : brought.Select((input, i) => $"batch.{input.Getter}({Literals.Int(i)})");

        string Call(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        {
            IEnumerable<string> given = TargetsOf(choice).Select((parameter, i) => (parameter.Type, targets) switch
            {
                ("int", 1) => "batch.Labels",
                ("int", _) => $"batch.GetLabels({Literals.Int(i)})",
                (_, 1) => "batch.Values",
                _ => $"batch.GetValues({Literals.Int(i)})",
            });
            return $"Step({string.Join(", ", inputs.Concat(given))})";
        }

        // Forms of one loss have as many parameters, and those of one place different types.
        string Condition(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        {
            var conditions = new List<string>();
            int slot = 0;
            foreach ((SurfaceLoss loss, SurfaceTarget target) in choice)
            {
                if (loss.Targets.Count > 1)
                    conditions.Add($"{(target.Parameters[0].Type == "int" ? "" : "!")}batch.HasLabels({Literals.Int(slot)})");
                slot += target.Parameters.Count;
            }
            return string.Join(" && ", conditions);
        }

        string last = Call(choices[choices.Count - 1]);
        return choices.Count == 1 ? Body.Of(last) : Body.Block(
        [
            .. choices.Take(choices.Count - 1).Select(choice => $"if ({Condition(choice)})\n    return {Call(choice)};"),
            $"return {last};",
        ]);
    }

    private SurfaceMember Forward => Method("void", "Forward",
        [.. SurfaceTexts.Reads(network.Inputs), .. network.Outputs.Select(port => port.Written)]).Says(
    [
        Summary("Forward pass of training: dropout is active, and the activations are kept for a backward pass."),
        .. AboutInputs,
        .. network.Outputs.Select(port => Param(port.SpanName, $"Receives n × {Literals.Int(port.Shape.Size)} values; may be empty.")),
        s_badLength,
        .. SurfaceTexts.IndexException(network.Inputs, "nothing was changed."),
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        {{Lines(SurfaceTexts.CountSamples(network.Inputs))}}
        {{Lines(network.Outputs.Select(port => CheckOrEmpty(port, port.Span, port.SpanName)))}}
        {{SurfaceTexts.Fixed([.. SurfaceTexts.Addresses(network.Inputs, "source"), .. SurfaceTexts.Addresses(network.Outputs, "target")])}}
        {
            {{string.Join("\n    ",
                [.. SurfaceTexts.Keep(network.Inputs, "source"), .. SurfaceTexts.Keep(network.Outputs, "target"),
                    .. SurfaceTexts.KeepLengths(network.Inputs)])}}
            RunForward(samples);
        }
        """));

    private SurfaceMember BackwardOfParameters(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => Method(
        "float", "Backward", [.. Parameters(choice)]).Says(
    [
        Summary("Loss of the last forward pass, and the gradients of all parameters, which replace those of the pass before, or with "
            + $"<see cref=\"{RuntimeTypes.ITrainer}.AccumulateGradients\"/> are added to them."),
        .. About(choice),
        Returns($"The {Reduced} of the batch."),
        s_noForward,
    ]).Does(() => Body.Of($"Backward({string.Join(", ",
        Parameters(choice).Select(parameter => parameter.Name).Concat(_differentiable.Select(_ => "default")))})"));

    private SurfaceMember Backward(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => Method("float", "Backward",
        [.. Parameters(choice), .. InputGradients]).Says(
    [
        Summary($"Loss of the last forward pass, and the gradients of all parameters{GradientsOfInputs}."),
        .. About(choice),
        .. AboutInputGradients,
        Returns($"The {Reduced} of the batch."),
        s_noForward,
        s_badLength,
        .. OutputException,
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        {{SamplesOfForward}}
        {{Check(choice)}}
        {{Lines(InputGradientChecks.Concat(UnreachedInputs))}}
        {{Fixed(choice)}}{{SurfaceTexts.Fixed(GradientAddresses(_differentiable, "result"))}}
        {
            {{KeepGradients}}{{Keep(choice)}}return RunBackward({{Divisors(choice)}}, {{WantsInputGradient}});
        }
        """));

    private SurfaceMember BackwardFromOutput => Method("void", "BackwardFromOutput",
        [.. network.Outputs.Select(port => port.ReadGradient), .. InputGradients]).Says(
    [
        Summary("Backward pass from a gradient of the caller's: for losses that are computed elsewhere."),
        .. network.Outputs.Select(port => Param(port.GradientSpan,
            $"n × {Literals.Int(port.Shape.Size)} values: the derivative of the loss with respect to "
                + $"{(port.IsOnly ? "the output" : port.Words)} of the last forward pass.")),
        .. AboutInputGradients,
        s_noForward,
        s_badLength,
    ]).Does(() => Body.Block($$"""
        using Call call = Enter();
        {{SamplesOfForward}}
        {{Lines(network.Outputs.Select(port => SurfaceTexts.CheckLength(port, port.GradientSpan, port.GradientSpan)))}}
        {{Lines(InputGradientChecks.Concat(UnreachedInputs))}}
        {{SurfaceTexts.Fixed([.. GradientAddresses(network.Outputs, "source"), .. GradientAddresses(_differentiable, "result")])}}
        {
            {{string.Join("\n    ", KeptGradients(network.Outputs, "source").Concat(KeptGradients(_differentiable, "result")))}}
            RunBackwardFromOutput({{WantsInputGradient}});
        }
        """));

    private string GradientsOfInputs
        => string.Join(" and", _differentiable.Select(port => " of " + (port.IsOnly ? "the input" : port.Words)).Prepend("").ToArray());

    private IEnumerable<string> InputGradientChecks
        => _differentiable.Select(port => CheckOrEmpty(port, port.GradientSpan, port.GradientSpan));

    /// <summary>No gradient flows to inputs that no output depends on.</summary>
    private IEnumerable<string> UnreachedInputs => network.Inputs
        .Where((port, i) => port.HasGradient && network.Sound.Training.Graph.InputGradients[i] is null)
        .Select(port => $"{port.GradientSpan}.Clear();");

    private string WantsInputGradient => _differentiable.Count == 0 ? "false"
        : string.Join(" || ", _differentiable.Select(port => $"{GradientAddress(port, "result")} != null"));

    private static string CheckOrEmpty(SurfacePort port, string span, string name)
        => SurfaceTexts.CheckLength(port, span, name, "CheckLengthOrEmpty");

    /// <summary>The samples of the last forward pass, and the positions that its calls are checked for.</summary>
    private string SamplesOfForward => Lines(network.Lengths.Select(given =>
        $"int {given.Axis.Positions} = PositionsOfForward({given.Axis.Index});").Prepend("int samples = SamplesOfForward();"));

    private static string Lines(IEnumerable<string> lines) => string.Join("\n", lines);

    private static IEnumerable<(string, string, string)> GradientAddresses(IReadOnlyList<SurfacePort> ports, string only)
        => ports.Select(port => (GradientAddress(port, only), port.GradientSpan, port.Element));

    private static string GradientAddress(SurfacePort port, string only) => port.IsOnly ? only : port.Port.Gradient;

    private static IEnumerable<string> KeptGradients(IReadOnlyList<SurfacePort> ports, string only)
        => ports.Select(port => $"{port.GradientField} = {GradientAddress(port, only)};");

    private static IEnumerable<SurfaceTargetParameter> TargetsOf(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        => choice.SelectMany(given => given.Target.Parameters);

    private static IEnumerable<SurfaceParameter> Parameters(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        => TargetsOf(choice).Select(parameter => new SurfaceParameter(RuntimeTypes.ReadOnlySpan(parameter.Type), parameter.Name));

    private static IEnumerable<string> About(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        => TargetsOf(choice).Select(parameter => Param(parameter.Name, XmlText.Escape(parameter.Documentation)));

    /// <summary>Statements that check the targets of <c>samples</c> samples and set what sums are divided by.</summary>
    private static string Check(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
    {
        var writer = new SourceWriter();
        foreach ((SurfaceLoss loss, SurfaceTarget target) in choice)
            LossTargetText.EmitCheck(loss, target, writer, "samples");
        return writer.ToString().TrimEnd('\n');
    }

    private static string Divisors(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => choice.Count == 1
        ? choice[0].Loss.Divisor
        : $"stackalloc double[] {{ {string.Join(", ", choice.Select(given => given.Loss.Divisor))} }}";

    private static string Fixed(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice) => string.Concat(TargetsOf(choice).Select(
        parameter => $"fixed ({parameter.Type}* {parameter.Pointer} = {parameter.Name}) "));

    private string KeepGradients => string.Concat(KeptGradients(_differentiable, "result").Select(line => line + "\n    "));

    /// <summary>Where a loss takes targets of several forms, those of the other form are null.</summary>
    private string Keep(IReadOnlyList<(SurfaceLoss Loss, SurfaceTarget Target)> choice)
        => string.Concat(TargetFields(network).Select(field =>
            $"{field.Field} = {TargetsOf(choice).FirstOrDefault(parameter => parameter.Field == field.Field)?.Pointer ?? "null"};\n    "));
}
