using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Layers.Losses;
using NetGen.Generator.Surface;
using static NetGen.Generator.Surface.SurfaceMember;

namespace NetGen.Generator.Emit;

/// <summary>What the core of a trainer calls on each thread: the kernels, with the addresses that the class keeps.</summary>
internal static class TrainerKernels
{
    public static IEnumerable<SurfaceItem> Of(NetworkFacts network)
    {
        yield return Kernel("PrepareWeights", () => Run(network, network.TrainingEntries.PrepareTraining));
        yield return Kernel("ComputeForward",
            () => network.TrainingEntries.TrainForward is { } forward ? Run(network, forward) : Body.Block());
        string wanted = string.Join(" || ", network.Outputs.Select(port => port.Field + " != null"));
        yield return Kernel("StoreOutput",
            () => Body.Block($"if ({wanted})", $"    {Call(network, network.TrainingEntries.StoreOutput)};"));
        if (network.Plan is { TrainingEntries.LossesOfBatch: { Count: > 0 } ofBatch })
        {
            yield return Kernel("ComputeLossOfBatch", () => ofBatch.Count == 1 ? Run(network, ofBatch[0].Entry)
                : Body.Block([.. ofBatch.Select(loss => Call(network, loss.Entry) + ";")]));
        }
        if (network.Losses.Count > 0)
            yield return Kernel("ComputeLoss", () => Losses(network));
        yield return Kernel("LoadOutputGradient", () => Run(network, network.TrainingEntries.LoadOutputGradient));
        yield return Kernel("ComputeWeightGradients", () => Run(network, network.TrainingEntries.WeightGradients));
        if (network.Plan is null)
            yield break;
        if (network.TrainingEntries.Backward is { } backward)
            yield return Kernel("ComputeBackward", () => Run(network, backward));
        if (network.TrainingEntries.TrainPart is { } part)
            yield return Override("ComputePart", () => Run(network, part), new SurfaceParameter("int", "part"), SurfaceTexts.Share);
    }

    private static SurfaceMember Kernel(string name, Func<Body> body) => Override(name, body, SurfaceTexts.Share);

    private static Body Run(NetworkFacts network, EntryPoint entry) => Body.Of(Call(network, entry));

    private static string Call(NetworkFacts network, EntryPoint entry) => entry.Call(parameter => Argument(network, parameter));

    /// <summary>Of several forms of target the caller has given one.</summary>
    private static Body Losses(NetworkFacts network)
    {
        string[] calls = [.. network.Losses.SelectMany(Calls)];
        return calls.Length == 1 && calls[0].IndexOf('\n') < 0 ? Body.Of(calls[0].TrimEnd(';')) : Body.Block(calls);

        IEnumerable<string> Calls(SurfaceLoss loss)
        {
            return loss.Targets.Select(target =>
            {
                LossEntry entry = network.TrainingEntries.Losses
                    .First(known => known.Loss.Stem == loss.Stem && known.Target == target.Target);
                string call = entry.Entry.Call(parameter => Argument(network, parameter, loss, target)) + ";";
                return loss.Targets.Count == 1 ? call : $"if ({target.Parameters[0].Field} != null)\n    {call}";
            });
        }
    }

    private static string Argument(NetworkFacts network, KernelParameter parameter, SurfaceLoss? loss = null, SurfaceTarget? target = null)
    {
        if (target?.Parameters.FirstOrDefault(given => given.Target.Kernel == parameter) is { } own)
            return own.OfShare;
        if (loss is { Index: > 0 } && (parameter == LossParameters.Losses || parameter == LossParameters.Scale))
            return $"{SurfaceTexts.OfShare(parameter)}Of({loss.Index})";
        return network.Inputs.Concat(network.Outputs).Select(port => port.ArgumentFor(parameter)).FirstOrDefault(found => found is not null)
            ?? network.StartsFor(parameter) ?? (parameter.Name == "part" ? "part" : SurfaceTexts.OfShare(parameter));
    }
}
