using System.Globalization;
using System.Text;
using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Finds out why a loss is not finite, and says it.</summary>
internal static class LossDiagnosis
{
    /// <summary>The error for a step whose loss is not finite, or not defined. Nothing was updated by it.</summary>
    /// <param name="run">The training, which counts the batch already or not yet.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="number">The batch's number in the epoch, from 1.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="inner">What the step threw; null where it gave the loss.</param>
    public static NonFiniteLossException OfStep(FitRun run, in Batch batch, int number, double loss, Exception? inner)
    {
        ITrainer trainer = run.Trainer;
        (string? of, int? sample) = inner is null && trainer is TrainerCore core ? Find(core, ref loss) : (null, null);
        // The samples and the parameters may be at fault, and what is at fault is the better advice.
        string? input = InBatch(trainer.Ports, batch);
        string? parameter = ParameterCopy.FirstNotFinite(trainer.Network.Parameters)?.Name;
        var text = new StringBuilder();
        text.Append(Invariant($"The loss{(of is null ? "" : $" of '{of}'")} is {Text(loss)} in batch {number} of epoch {run.Epoch}, ")
            + Invariant($"after {run.Steps} steps"));
        text.Append(sample is int first ? Invariant($"; sample {first} of the batch is the first with such a loss. ") : ". ");
        if (inner is not null)
            text.Append(inner.Message).Append(' ');
        if (parameter is not null)
            text.Append($"The parameter {parameter} is not finite: it was set so, or an update before made it so. ");
        else if (trainer is TrainerCore)
            text.Append("Parameters, running statistics and the optimiser's memory are as they were before this step. ");
        text.Append(Saved(run));
        text.Append(input is not null ? $"Look at the samples: {input}."
            : parameter is not null ? $"Lower the learning rate, {Rate(trainer)}, or clip gradients ({Clipping})."
            : $"The batch and the parameters are finite: look for large values among samples and outputs, lower the learning rate, "
                + $"{Rate(trainer)}, or clip gradients ({Clipping}).");
        text.Append(Advice);
        return new NonFiniteLossException(text.ToString(), inner)
        {
            Epoch = run.Epoch, Batch = number, Steps = run.Steps, Loss = loss, Of = of, Sample = sample, Parameter = parameter,
        };
    }

    /// <summary>
    /// The error for parameters that the last update has spoiled, before they are saved or measured; null where all are finite.
    /// </summary>
    public static NonFiniteLossException? OfParameters(FitRun run)
    {
        if (ParameterCopy.FirstNotFinite(run.Trainer.Network.Parameters) is not { } parameter)
            return null;
        string text = Invariant($"The parameter {parameter.Name} is not finite after {run.Steps} steps, in epoch {run.Epoch}: an update ")
            + $"made it so, though the last loss was {Text(run.Loss)}. {Saved(run)}Lower the learning rate, {Rate(run.Trainer)}, or clip "
            + $"gradients ({Clipping}).{Advice}";
        return new NonFiniteLossException(text, null)
        {
            Epoch = run.Epoch, Batch = run.Batch, Steps = run.Steps, Loss = run.Loss, Parameter = parameter.Name,
        };
    }

    private const string Clipping = $"{nameof(TrainerOptions)}.{nameof(TrainerOptions.ClipGradientNorm)}";

    private const string Advice = $" To train on all the same, set {nameof(FitOptions)}.{nameof(FitOptions.StopAtNonFiniteLoss)} to false.";

    /// <summary>Which of several losses it is, and at which sample. The sum may be infinite where each of them is finite.</summary>
    private static (string? Of, int? Sample) Find(TrainerCore core, ref double loss)
    {
        for (int i = 0; i < core.LossCount; i++)
        {
            (double value, int? sample) = core.LossOf(i);
            if (double.IsFinite((float)value))
                continue;
            if (core.LossCount == 1)
                return (null, sample);
            loss = value;
            // A loss of two targets, or of none, leaves no doubt about which is which only where none of the losses is one.
            string name = core.Ports.Targets.Count == core.LossCount
                ? core.Ports.Targets[i].Output : string.Create(CultureInfo.InvariantCulture, $"loss {i + 1}");
            return (name, sample);
        }
        return (null, null);
    }

    private static string? InBatch(NetworkPorts ports, in Batch batch)
    {
        for (int i = 0; i < batch.InputCount; i++)
        {
            if (First(batch.GetInput(i)) is int at)
                return Where($"the input '{ports.Inputs[i].Name}'", batch.GetInput(i), at, ports.Inputs[i].Lengths is null
                    ? ports.Inputs[i].Size : 0);
        }
        for (int i = 0; i < batch.TargetCount; i++)
        {
            if (First(batch.GetValues(i)) is int at)
                return Where($"the target '{ports.Targets[i].Name}'", batch.GetValues(i), at, ports.Targets[i].Lengths is null
                    ? ports.Targets[i].Values : 0);
        }
        return null;
    }

    private static string Where(string what, ReadOnlySpan<float> values, int at, int size) => size > 0
        ? Invariant($"{what} has {Text(values[at])} as element {at % size} of sample {at / size} of this batch")
        : Invariant($"{what} has {Text(values[at])} at place {at} of this batch");

    private static int? First(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }
        return null;
    }

    private static string Saved(FitRun run) => run.Options.CheckpointPath is { } path
        ? $"The last checkpoint, if one was written, is '{path}'. " : "";

    private static string Rate(ITrainer trainer) => Invariant($"now {trainer.Optimizer.LearningRate}");

    private static string Text(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        _ => value.ToString("G6", CultureInfo.InvariantCulture),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
