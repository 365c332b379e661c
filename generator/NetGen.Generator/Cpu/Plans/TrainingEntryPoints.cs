using NetGen.Generator.Cpu.Drivers;
using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Layers.Losses;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Plans;

/// <summary>The methods by which the kernels of training are entered.</summary>
internal sealed class TrainingEntryPoints
{
    private static readonly KernelParameter[] s_allWeights =
        [Floats("parameters"), Floats("gradients"), Floats("prepared"), Floats("scratch")];

    private static readonly KernelParameter[] s_arena = [Floats("arena"), Long("capacity")];

    /// <param name="plan">The network with all that its kernels need.</param>
    public TrainingEntryPoints(NetworkPlan plan)
    {
        KernelParameter[] inputs = [.. CallerPort.Pointers(plan.Inputs)], inputGradients = [.. CallerPort.Gradients(plan.Inputs)];
        KernelParameter[] outputs = [.. CallerPort.Pointers(plan.Outputs)], outputGradients = [.. CallerPort.Gradients(plan.Outputs)];
        KernelParameter[] starts = [.. plan.Axes.Select(axis => axis.Starts)], range = [.. starts, Int("first"), Int("count")];
        OfTrainForward = [.. EntryPoints.Weights, Floats("scratch"), .. s_arena, .. inputs, .. range, ULong("seed"), UInt("step")];
        OfBackward = [.. EntryPoints.Weights, Floats("scratch"), .. s_arena, .. inputGradients, .. range];
        OfBatch = [Floats("parameters"), Floats("gradients"), Floats("prepared"), .. s_arena, .. starts, Samples, .. Share];
        Segments forward = plan.ForwardSegments(), backward = plan.BackwardSegments();
        ForwardParts = 2 * forward.BatchCalls.Count;
        BackwardParts = 2 * backward.BatchCalls.Count;
        PrepareTraining = new("PrepareTraining", [.. EntryPoints.Weights, Bool("wantsInputGradient"), .. Share]);
        TrainForward = Segment(forward, forward.Parts.Count - 1, OfTrainForward);
        StoreOutput = new("StoreOutput", [.. s_arena, .. outputs, .. range]);
        LoadOutputGradient = new("LoadOutputGradient", [.. s_arena, .. outputGradients, .. range]);
        Losses = [.. plan.Losses.SelectMany(loss => loss.Targets.Select(target => Loss(loss, target, range)))];
        LossesOfBatch = [.. plan.Losses.Where(loss => loss.ReadsBatch).Select(loss => new LossOfBatchEntry(loss,
            new(loss.Stem + "LossOfBatch", [.. s_arena, .. starts, Samples, .. Share])))];
        Backward = Segment(backward, 0, OfBackward);
        if (ForwardParts > 0)
        {
            TrainPart = new("TrainPart",
            [
                Int("part"), .. s_allWeights, .. s_arena, .. inputs, .. inputGradients, Samples, .. range,
                ULong("seed"), UInt("step"), .. Share,
            ]);
        }
        WeightGradients = new("WeightGradients",
        [
            .. s_allWeights, .. s_arena, .. starts, Samples, .. Share, .. If(plan.GradientsMeet, Pool),
            .. If(plan.Gradients.Tables.Count > 0, Pass),
        ]);
    }

    /// <summary>What each part of the forward pass of training takes.</summary>
    public IReadOnlyList<KernelParameter> OfTrainForward { get; }

    /// <summary>What each part of the backward pass takes.</summary>
    public IReadOnlyList<KernelParameter> OfBackward { get; }

    /// <summary>What everything takes that needs the whole batch.</summary>
    public IReadOnlyList<KernelParameter> OfBatch { get; }

    /// <summary>Parts of the forward pass in front of <see cref="TrainForward"/>.</summary>
    public int ForwardParts { get; }

    /// <summary>Parts of the backward pass behind <see cref="Backward"/>.</summary>
    public int BackwardParts { get; }

    public EntryPoint PrepareTraining { get; }

    /// <summary>The forward pass of training, or its last part; null where that has no kernels.</summary>
    public EntryPoint? TrainForward { get; }

    public EntryPoint StoreOutput { get; }

    public EntryPoint LoadOutputGradient { get; }

    /// <summary>For each loss and each form in which it takes what the output is compared with; none without a loss.</summary>
    public IReadOnlyList<LossEntry> Losses { get; }

    /// <summary>What losses need of the whole batch before that of any sample is computed; none where no loss does.</summary>
    public IReadOnlyList<LossOfBatchEntry> LossesOfBatch { get; }

    /// <summary>The backward pass, or its first part; null where that has no kernels.</summary>
    public EntryPoint? Backward { get; }

    /// <summary>The other parts of both passes, by number; null where there are none.</summary>
    public EntryPoint? TrainPart { get; }

    public EntryPoint WeightGradients { get; }

    /// <summary>Those that a trainer calls.</summary>
    public IReadOnlyList<EntryPoint> All => EntryPoints.Present(
        [PrepareTraining, TrainForward, StoreOutput, .. LossesOfBatch.Select(loss => loss.Entry), .. Losses.Select(loss => loss.Entry),
            LoadOutputGradient, Backward, TrainPart, WeightGradients]);

    private static LossEntry Loss(PlannedLoss loss, LossTarget target, KernelParameter[] range) => new(loss, target, new(
        loss.Stem + target.Driver,
    [
        .. s_arena, .. target.Parameters.Select(parameter => parameter.Kernel), LossParameters.Losses, LossParameters.Scale, .. range,
        .. If(loss.ReadsBatch, LossParameters.Batch),
    ]));

    private static EntryPoint? Segment(Segments segments, int part, IReadOnlyList<KernelParameter> parameters)
        => segments.Parts[part].Count == 0 ? null : new(segments.NameOf(part), parameters);
}

/// <summary>The method that computes a loss from one form of target.</summary>
internal sealed record LossEntry(PlannedLoss Loss, LossTarget Target, EntryPoint Entry);

/// <summary>The method that computes what a loss needs of the whole batch.</summary>
internal sealed record LossOfBatchEntry(PlannedLoss Loss, EntryPoint Entry);
