using NetGen.CompilerServices;

namespace NetGen;

/// <summary>Looks for a learning rate to begin with.</summary>
public static class LearningRates
{
    /// <summary>
    /// Trains for some steps while the learning rate grows by a factor from step to step, and tells the losses: the range test of Smith
    /// (2017). Afterwards network, optimiser and trainer are what they were before, to the bit; gradients of an earlier pass are given up.
    /// </summary>
    /// <remarks>
    /// Groups with learning rates of their own keep their ratio to the optimiser's. The test needs memory for a copy of the parameters and
    /// of what the optimiser remembers. Its result depends on the batches and on where training stands, and is a hint: with Adam a rate
    /// some times smaller is often the better one.
    /// </remarks>
    /// <param name="trainer">The trainer.</param>
    /// <param name="source">The batches to train with; it begins its first epoch, and as many as are needed.</param>
    /// <param name="search">The range and the number of steps; from 10⁻⁷ to 10 in 100 steps by default.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <returns>The losses, and a suggestion.</returns>
    /// <exception cref="ArgumentException">
    /// The source does not fit the network, or the smallest rate is not below the largest, or groups have rates of their own while the
    /// optimiser's is 0; nothing was changed.
    /// </exception>
    /// <exception cref="NotSupportedException">The trainer is not one of a generated network.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; everything is as it was.</exception>
    public static LearningRateCurve FindLearningRate(
        this ITrainer trainer, IBatchSource source, LearningRateSearch? search = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(source);
        search ??= new LearningRateSearch();
        if (search.Minimum >= search.Maximum)
            throw new ArgumentException(FormattableString.Invariant($"{nameof(LearningRateSearch.Minimum)}: expected a rate below the ")
                + FormattableString.Invariant($"{nameof(LearningRateSearch.Maximum)} of {search.Maximum}, got {search.Minimum}."),
                nameof(search));
        var options = new FitOptions();
        FitChecks.Options(trainer, source, options);
        FitChecks.Samples(trainer, source, options);
        if (trainer is not TrainerCore core)
            throw new NotSupportedException("Only the trainer of a generated network can go back to where it stood.");
        (ParameterGroup Group, double Ratio)[] groups =
        [
            .. trainer.Optimizer.Groups.Where(group => group.Rate != null)
                .Select(group => (group, group.Rate!.Value / trainer.Optimizer.Rate.Value)),
        ];
        if (groups.Any(group => !double.IsFinite(group.Ratio)))
            throw new ArgumentException("The optimiser's learning rate is 0, to which groups with rates of their own have no ratio.",
                nameof(trainer));

        using TrainerCore.Snapshot before = core.Capture();
        try
        {
            return Run(trainer, source, search, groups, cancellation);
        }
        finally
        {
            before.Restore();
        }
    }

    private static LearningRateCurve Run(
        ITrainer trainer, IBatchSource source, LearningRateSearch search, (ParameterGroup Group, double Ratio)[] groups,
        CancellationToken cancellation)
    {
        var rates = new List<float>();
        var losses = new List<float>();
        var smoothed = new List<double>();
        double mean = 0, smallest = double.PositiveInfinity, growth = Math.Log(search.Maximum / (double)search.Minimum);
        for (int epoch = 1; rates.Count < search.Steps; epoch++)
        {
            using var loop = new BatchLoop(source, epoch);
            while (rates.Count < search.Steps && loop.TryNext(out Batch batch))
            {
                cancellation.ThrowIfCancellationRequested();
                float rate = (float)(search.Minimum * Math.Exp(growth * rates.Count / (search.Steps - 1)));
                trainer.Optimizer.LearningRate = rate;
                foreach ((ParameterGroup group, double ratio) in groups)
                    group.LearningRate = rate * ratio;
                if (!TryStep(trainer, batch, out float loss))
                    return new LearningRateCurve(rates, losses, smoothed, IsDiverged: true);
                mean = search.Smoothing * mean + (1 - search.Smoothing) * loss;
                double unbiased = mean / (1 - Math.Pow(search.Smoothing, rates.Count + 1));
                rates.Add(rate);
                losses.Add(loss);
                smoothed.Add(unbiased);
                smallest = Math.Min(smallest, unbiased);
                if (unbiased > search.Divergence * smallest)
                    return new LearningRateCurve(rates, losses, smoothed, IsDiverged: true);
            }
        }
        return new LearningRateCurve(rates, losses, smoothed, IsDiverged: false);
    }

    /// <summary>A step, unless its loss is not finite or not defined.</summary>
    private static bool TryStep(ITrainer trainer, in Batch batch, out float loss)
    {
        try
        {
            loss = trainer.Step(batch);
        }
        catch (ArithmeticException)
        {
            // The rate before was so large that the loss is not defined for an output: the end of the range.
            loss = float.NaN;
        }
        return float.IsFinite(loss);
    }
}
