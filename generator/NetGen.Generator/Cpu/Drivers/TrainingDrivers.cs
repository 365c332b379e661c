using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Ir;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Writes the methods of one instruction set that call the kernels of training in order.</summary>
internal sealed class TrainingDrivers(
    SourceWriter writer, KernelNames names, NetworkPlan plan, TrainingCalls calls, CallArguments preparation, string suffix)
{
    private const string ForwardWhat = "Forward pass of training", ForwardRemark = ": every activation is kept for the backward pass.";
    private const string BackwardWhat = "Gradients of the activations", BackwardRemark = "; of the input too, where the caller wants it.";

    private readonly PlannedGraph _training = plan.Training;

    public void Emit()
    {
        Graph graph = _training.Graph;
        Segments forward = calls.Forward, backward = calls.Backward;
        var tokens = new CallTokens(names, calls.Arguments);
        IReadOnlyList<TrainPart> forwardParts = TrainPart.OfForward(forward, plan.TrainingEntries, tokens, firstNumber: 0);
        IReadOnlyList<TrainPart> backwardParts = TrainPart.OfBackward(
            backward, plan.TrainingEntries, tokens, firstNumber: 2 * forward.BatchCalls.Count);

        foreach (TrainPart part in forwardParts)
            EmitPart(part, ForwardWhat, ForwardRemark, forward.Parts.Count);
        int last = forward.Parts.Count - 1;
        EmitSegment(forward.NameOf(last), Which(ForwardWhat, ForwardRemark, last, forward.Parts.Count), plan.TrainingEntries.OfTrainForward,
            forward.Parts[last]);

        Method("StoreOutput", "The output of the last forward pass, in the caller's order.",
            plan.TrainingEntries.StoreOutput.Parameters,
            [
                .. graph.Outputs.Select((output, i) =>
                    plan.StoreOutput($"StoreTraining{plan.Outputs[i].Stem}", i, output, isOptional: true)),
            ]);
        Method("LoadOutputGradient", "The gradient of a loss of the caller's.",
            plan.TrainingEntries.LoadOutputGradient.Parameters,
                [.. Enumerable.Range(0, graph.Outputs.Count).Select(plan.LoadOutputGradient)]);
        foreach (LossOfBatchEntry loss in plan.TrainingEntries.LossesOfBatch)
        {
            EmitOfBatch(loss.Entry.Name, loss.Entry.Parameters,
                LossCalls(loss.Loss).Where(call => call.Domain == Domain.WholeBatch).ToList());
        }
        foreach (LossEntry loss in plan.TrainingEntries.Losses)
        {
            Method(loss.Entry.Name, "Loss of each sample, and the gradient of the batch's; scale is 1 over what the sum of the losses "
                + "is divided by.",
                loss.Entry.Parameters, LossCalls(loss));
        }

        EmitSegment(backward.NameOf(0), Which(BackwardWhat, BackwardRemark, 0, backward.Parts.Count), plan.TrainingEntries.OfBackward,
            backward.Parts[0]);
        foreach (TrainPart part in backwardParts)
            EmitPart(part, BackwardWhat, BackwardRemark, backward.Parts.Count);
        if (plan.TrainingEntries.TrainPart is { } entry)
            TrainPartDriver.Emit(writer, [.. forwardParts, .. backwardParts], entry, suffix);

        EmitWeightGradients();
        PreparationDriver.Emit(writer, names, preparation, plan.Prepared, plan.TrainingEntries.PrepareTraining,
            "What the passes of training need of the weights in another form: with inputs and outputs exchanged, or at Winograd's points.",
                suffix);
    }

    private List<KernelCall> LossCalls(LossEntry loss) => LossCalls(loss.Loss)
        .Where(c => c.Domain != Domain.WholeBatch && (c.Driver is null || c.Driver == loss.Target.Driver)).ToList();

    private IEnumerable<KernelCall> LossCalls(PlannedLoss loss)
    {
        var nodes = new HashSet<Node>(_training.Graph.Losses[plan.Losses.ToList().IndexOf(loss)]);
        return _training.Calls.Where(c => c.Node is not null && nodes.Contains(c.Node));
    }

    private static string Which(string what, string remark, int part, int parts)
        => parts == 1 ? what + remark : $"{what}, part {Literals.Int(part + 1)} of {Literals.Int(parts)}{remark}";

    private void EmitPart(TrainPart part, string what, string remark, int parts)
    {
        IReadOnlyList<KernelParameter> parameters = [.. part.Parameters, .. If(part.IsRepeated, Int(CallText.Repeat))];
        string times = part.IsRepeated ? ", and of those like it" : "";
        if (part.IsBatch)
            EmitBatch(part, parameters, times);
        else if (part.Calls.Count > 0)
            Method(part.Name, Which(what, times + remark, part.Segment, parts), parameters, part.Calls, part.Steps);
    }

    private void EmitBatch(TrainPart part, IReadOnlyList<KernelParameter> parameters, string times)
        => EmitOfBatch(part.Name, parameters, part.Calls, "channels", times, part.Steps);

    /// <param name="share">What workers divide.</param>
    private void EmitOfBatch(string name, IReadOnlyList<KernelParameter> parameters, IReadOnlyList<KernelCall> own,
        string share = "samples", string times = "", IReadOnlyDictionary<Value, long>? steps = null)
    {
        writer.Line();
        writer.Line($"/// <summary>What {own[0].Node!.Name} needs of the whole batch{times}; each worker has its {share}.</summary>");
        using (writer.UncheckedMethod($"internal static void {name}{suffix}({parameters.Declaration()})"))
        {
            var context = new DriverContext(names, calls.Arguments, HasFirst: false, new DriverSections(name, suffix, parameters))
            {
                Axes = plan.Axes,
            };
            new Orchestrator(writer, steps is null ? context : context.Inside(steps)).EmitShared(own);
        }
    }

    private void EmitSegment(string name, string summary, IReadOnlyList<KernelParameter> parameters, IReadOnlyList<KernelCall> own)
    {
        if (own.Count > 0)
            Method(name, summary, parameters, own);
    }

    /// <param name="steps">Of a method for several times: how far its values are from those of the next time.</param>
    private void Method(string name, string summary, IReadOnlyList<KernelParameter> parameters, IReadOnlyList<KernelCall> own,
        IReadOnlyDictionary<Value, long>? steps = null)
    {
        writer.Line();
        writer.Line($"/// <summary>{summary} Samples <paramref name=\"first\"/> to <paramref name=\"first\"/> + <paramref "
            + $"name=\"count\"/> − 1; the caller's pointers are at the first.</summary>");
        var sections = new DriverSections(name, suffix, parameters);
        var context = new DriverContext(names, calls.Arguments, HasFirst: true, sections)
        {
            Axes = plan.Axes,
            InputGradients = [.. CallerPort.Gradients(plan.Inputs).Select(gradient => gradient.Name)],
        };
        using (writer.UncheckedMethod($"internal static void {name}{suffix}({parameters.Declaration()})"))
            new Orchestrator(writer, steps is null ? context : context.Inside(steps)).Emit(own, "count");
        sections.Emit(writer);
    }

    private void EmitWeightGradients()
    {
        List<KernelCall> gradients = _training.Calls.Where(c => c.Stage == Stage.WeightGradient).ToList();
        writer.Line();
        writer.Line("/// <summary>Gradients of the parameters. Each worker computes its part of every tensor, over all samples.</summary>");
        IReadOnlyList<KernelParameter> parameters = plan.TrainingEntries.WeightGradients.Parameters;
        var sections = new DriverSections("WeightGradients", suffix, parameters);
        using (writer.UncheckedMethod($"internal static void WeightGradients{suffix}({parameters.Declaration()})"))
        {
            var context = new DriverContext(names, calls.Arguments, HasFirst: false, sections) { Axes = plan.Axes };
            var orchestrator = new Orchestrator(writer, context);
            orchestrator.EmitShared(Of(Domain.PerParameter));
            EmitBehindMeeting(Domain.AfterMeeting, "All workers have computed their parts; now the sums over all.");
            EmitBehindMeeting(Domain.AfterGradients, "All gradients are there; now the sums of those that belong to one tensor.");

            void EmitBehindMeeting(Domain domain, string comment)
            {
                if (Of(domain) is not { Count: > 0 } later)
                    return;
                writer.Line($"// {comment}");
                writer.Line("pool.Meet(worker);");
                orchestrator.EmitShared(later);
            }

            List<KernelCall> Of(Domain domain) => gradients.Where(call => call.Domain == domain).ToList();
        }
        sections.Emit(writer);
    }
}
