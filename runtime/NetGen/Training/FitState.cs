using System.Globalization;

namespace NetGen;

/// <summary>What <see cref="TrainingLoop.Fit"/> itself goes on from.</summary>
internal sealed class FitState(FitRun run, int metrics, bool higherIsBetter) : IStateful
{
    public List<EpochResult> History { get; } = [];

    public int BestEpoch { get; private set; }

    public double Best { get; private set; } = double.NaN;

    // What patience compares with: a best that small improvements do not move.
    private double _reference = double.NaN;

    public long EpochsWithout { get; private set; }

    /// <summary>Takes what is monitored after an epoch.</summary>
    /// <returns>Whether it is the best so far.</returns>
    public bool Take(int epoch, double value, double minimumImprovement)
    {
        bool isBest = IsBetter(value, Best, 0);
        if (isBest)
            (Best, BestEpoch) = (value, epoch);
        if (IsBetter(value, _reference, minimumImprovement))
            (_reference, EpochsWithout) = (value, 0);
        else
            EpochsWithout++;
        return isBest;
    }

    public IReadOnlyDictionary<string, string> GetState()
    {
        var state = new ScheduleState();
        state.Set("steps", run.Steps);
        state.Set("samples", run.Samples);
        state.Set("loss_sum", run.LossSum);
        state.Set("best_epoch", BestEpoch);
        state.Set("best", Best);
        state.Set("reference", _reference);
        state.Set("epochs_without", EpochsWithout);
        state.Set("metrics", metrics);
        state.Set("epochs",
            string.Join(';',
            History.Select(epoch =>
            string.Join(' ',
            epoch.Metrics.Prepend(epoch.Monitored).Prepend(epoch.Loss).Select(Text).Append(epoch.IsBest ? "1" : "0")))));
        return state.Values;
    }

    public void Restore(IReadOnlyDictionary<string, string> values)
    {
        var state = new ScheduleState(values);
        state.Expect("metrics", metrics.ToString(CultureInfo.InvariantCulture));
        long steps = state.GetCount("steps"), samples = state.GetCount("samples"), bestEpoch = state.GetCount("best_epoch"),
            without = state.GetCount("epochs_without");
        double sum = state.GetAny("loss_sum"), best = state.GetAny("best"), reference = state.GetAny("reference");
        List<EpochResult> history = Parse(state.GetText("epochs"));
        if (samples > int.MaxValue || bestEpoch > history.Count)
            throw new ArgumentException($"State: {samples} samples of an epoch, or best epoch {bestEpoch} of {history.Count}, cannot be.");
        (run.Steps, run.Samples, run.LossSum, BestEpoch, Best, _reference, EpochsWithout) =
            (steps, (int)samples, sum, (int)bestEpoch, best, reference, without);
        History.Clear();
        History.AddRange(history);
    }

    private List<EpochResult> Parse(string text)
    {
        var history = new List<EpochResult>();
        foreach (string line in text.Length == 0 ? [] : text.Split(';'))
        {
            string[] words = line.Split(' ');
            if (words.Length != metrics + 3)
                throw new ArgumentException($"State: an epoch is {FileText.Quote(line)}, not {metrics + 2} numbers and a mark.");
            double[] numbers =
                Array.ConvertAll(words[..^1],
                word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
                ? number
                : throw new ArgumentException($"State: an epoch has {FileText.Quote(word)}, which is no number."));
            history.Add(new EpochResult(history.Count + 1, numbers[0], numbers[2..], numbers[1], words[^1] == "1"));
        }
        return history;
    }

    // NaN is never better, and everything else is better than nothing yet.
    private bool IsBetter(double value, double than, double by) =>
        !double.IsNaN(value) && (double.IsNaN(than) || (higherIsBetter ? value > than + by : value < than - by));

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
