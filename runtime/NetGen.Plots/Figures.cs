using System.Globalization;
using ScottPlot;

namespace NetGen.Plots;

/// <summary>Pictures of trainings and of what came of them.</summary>
public static class Figures
{
    // Of a plot with a title and both axes named.
    private const int PanelWidth = 560, PanelHeight = 420;

    private static readonly Color s_first = Color.FromHex("#1F77B4"), s_second = Color.FromHex("#FF7F0E"),
        s_faint = Color.FromHex("#888888");

    /// <summary>
    /// The course of a training: the loss of training and of validation in the first plot, other metrics in the second, the learning rate
    /// in the third, each where there is something to show.
    /// </summary>
    /// <param name="result">What <c>Fit</c> returned.</param>
    /// <param name="metrics">
    /// The metrics of its options, in their order, for their names; those called <c>loss</c> stand beside the training loss.
    /// </param>
    /// <param name="rates">The learning rates, where a recorder was among the callbacks; null for none.</param>
    /// <exception cref="ArgumentException">There is no epoch, or there are not as many metrics as the epochs have values.</exception>
    public static Figure TrainingCurves(FitResult result, IReadOnlyList<Metric>? metrics = null, LearningRateRecorder? rates = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        metrics ??= [];
        if (result.Epochs.Count == 0)
            throw new ArgumentException("The training has no epoch to show.", nameof(result));
        int values = result.Epochs[0].Metrics.Count;
        if (metrics.Count != values)
            throw new ArgumentException($"Each epoch has {values} values of metrics: expected the metrics of the training's options, "
                + $"{values}, got {metrics.Count}.", nameof(metrics));
        double[] epochs = [.. result.Epochs.Select(epoch => (double)epoch.Epoch)];
        Plot loss = Panel("Loss", "epoch", "loss");
        Line(loss, epochs, [.. result.Epochs.Select(epoch => epoch.Loss)], "training", s_first);
        var panels = new List<Plot> { loss };
        Plot? others = null;
        for (int i = 0; i < metrics.Count; i++)
        {
            double[] course = [.. result.Epochs.Select(epoch => epoch.Metrics[i])];
            if (metrics[i].Name == "loss")
            {
                Line(loss, epochs, course, metrics[i].Of is { } of ? $"validation ({of})" : "validation");
                continue;
            }
            if (others is null)
                panels.Add(others = Panel("Validation", "epoch", "value"));
            Line(others, epochs, course, metrics[i].Title);
        }
        if (rates is { Points.Count: > 0 })
        {
            Plot rate = Panel("Learning rate", "epoch", "rate");
            Line(rate, [.. rates.Points.Select(point => point.Epochs)], [.. rates.Points.Select(point => point.LearningRate)], null,
                markers: false);
            panels.Add(rate);
        }
        return new Figure(PanelWidth * panels.Count, PanelHeight, [.. panels]);
    }

    /// <summary>
    /// A confusion matrix: a row for each class, a column for each prediction, each cell with its count, and the darker, the larger its
    /// share of the row.
    /// </summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="names">The names of the classes; their numbers where null.</param>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public static Figure ConfusionMatrix(ConfusionMatrix matrix, IReadOnlyList<string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        int classes = matrix.Classes;
        if (names != null && names.Count != classes)
            throw new ArgumentException($"Expected {classes} names, got {names.Count}.", nameof(names));
        string accuracy = matrix.Count == 0 ? "no samples" : string.Create(CultureInfo.InvariantCulture, $"accuracy {matrix.Value:0.0000}");
        Plot plot = Panel($"Confusion matrix, {accuracy}", "predicted", "actual");
        plot.HideGrid();
        for (int actual = 0; actual < classes; actual++)
        {
            long row = Enumerable.Range(0, classes).Sum(predicted => matrix[actual, predicted]);
            for (int predicted = 0; predicted < classes; predicted++)
            {
                long count = matrix[actual, predicted];
                double share = row == 0 ? 0 : (double)count / row;
                // Rows go down, and the axis up.
                double bottom = classes - 1 - actual;
                ScottPlot.Plottables.Rectangle cell = plot.Add.Rectangle(predicted, predicted + 1, bottom, bottom + 1);
                cell.FillColor = Shade(share);
                cell.LineColor = Colors.White;
                cell.LineWidth = 1;
                // Zeros of many classes would hide what there is.
                if (count == 0 && classes > 12)
                    continue;
                ScottPlot.Plottables.Text text = plot.Add.Text(
                    count.ToString(CultureInfo.InvariantCulture), predicted + 0.5, bottom + 0.5);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontColor = share > 0.5 ? Colors.White : Colors.Black;
                text.LabelFontSize = classes <= 12 ? 14 : 9;
            }
        }
        double[] places = [.. Enumerable.Range(0, classes).Select(i => i + 0.5)];
        string[] labels = [.. Enumerable.Range(0, classes).Select(i => names?[i] ?? i.ToString(CultureInfo.InvariantCulture))];
        plot.Axes.Bottom.SetTicks(places, labels);
        plot.Axes.Left.SetTicks(places, [.. Enumerable.Reverse(labels)]);
        bool isLong = labels.Max(label => label.Length) > 3;
        if (isLong)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            // Of letters as wide as high, turned by an eighth: the axis does not measure turned labels.
            plot.Axes.Bottom.MinimumSize = 30 + 6 * labels.Max(label => label.Length);
        }
        plot.Axes.SetLimits(0, classes, 0, classes);
        int side = Math.Clamp(44 * classes, 240, 1400);
        return new Figure(side + (isLong ? 200 : 120), side + (isLong ? 200 : 120), plot);
    }

    /// <summary>The receiver operating characteristic, with its area in the title.</summary>
    /// <param name="metric">A metric that has taken samples.</param>
    /// <exception cref="InvalidOperationException">It has none, or a score is NaN.</exception>
    public static Figure RocCurve(BinaryAUROC metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        IReadOnlyList<RocPoint> points = metric.RocCurve();
        if (double.IsNaN(metric.Value))
            throw new InvalidOperationException("All samples are of one kind, so that there is no receiver operating characteristic.");
        Plot plot = Panel(
            string.Create(CultureInfo.InvariantCulture, $"ROC, area {metric.Value:0.0000}"), "false positive rate", "true positive rate");
        ScottPlot.Plottables.Scatter chance = plot.Add.ScatterLine(new double[] { 0, 1 }, new double[] { 0, 1 }, s_faint);
        chance.LinePattern = LinePattern.Dashed;
        Line(plot, [.. points.Select(point => point.FalsePositiveRate)], [.. points.Select(point => point.TruePositiveRate)], null,
            markers: false);
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return new Figure(PanelWidth, PanelHeight, plot);
    }

    /// <summary>The precision over the recall, with the average precision in the title.</summary>
    /// <param name="metric">A metric that has taken samples.</param>
    /// <exception cref="InvalidOperationException">It has none, or a score is NaN, or no sample is of the class.</exception>
    public static Figure PrecisionRecallCurve(BinaryAveragePrecision metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        IReadOnlyList<PrecisionRecallPoint> points = metric.PrecisionRecallCurve();
        if (points[^1].Precision == 0)
            throw new InvalidOperationException("No sample is of the class, so that there is no recall.");
        Plot plot = Panel(
            string.Create(CultureInfo.InvariantCulture, $"Precision and recall, average precision {metric.Value:0.0000}"), "recall",
            "precision");
        // A precision holds from its own recall back to the one before, as the average counts it.
        ScottPlot.Plottables.Scatter line = Line(
            plot, [.. points.Select(point => point.Recall)], [.. points.Select(point => point.Precision)], null, markers: false);
        line.ConnectStyle = ConnectStyle.StepVertical;
        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        return new Figure(PanelWidth, PanelHeight, plot);
    }

    /// <summary>Losses by learning rate, of a search for one: rates on a logarithmic axis, with the one that is suggested.</summary>
    /// <param name="rates">The rates that were tried, each above 0.</param>
    /// <param name="losses">The loss at each, smoothed or not.</param>
    /// <param name="suggestion">The rate that is suggested; null for none.</param>
    /// <exception cref="ArgumentException">There are no rates, or not as many losses, or a rate is not above 0.</exception>
    public static Figure LearningRateSearch(IReadOnlyList<float> rates, IReadOnlyList<double> losses, double? suggestion = null)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(losses);
        if (rates.Count == 0 || rates.Count != losses.Count)
            throw new ArgumentException($"Expected at least one rate, and a loss for each of {rates.Count}, got {losses.Count}.",
                nameof(losses));
        if (!rates.All(rate => rate > 0 && float.IsFinite(rate)) || suggestion is not (null or (> 0 and < double.PositiveInfinity)))
            throw new ArgumentException("Expected finite rates above 0, as the axis is logarithmic.", nameof(rates));
        string suggested = suggestion is double best ? string.Create(CultureInfo.InvariantCulture, $", suggested {best:0.0e+0}") : "";
        Plot plot = Panel($"Search for a learning rate{suggested}", "learning rate", "loss");
        Line(plot, [.. rates.Select(rate => Math.Log10(rate))], [.. losses], null, markers: false);
        if (suggestion is double marked)
            plot.Add.VerticalLine(Math.Log10(marked), 2, s_second, LinePattern.Dashed);
        int first = (int)Math.Floor(Math.Log10(rates.Min())), last = (int)Math.Ceiling(Math.Log10(rates.Max()));
        int[] powers = [.. Enumerable.Range(first, last - first + 1)];
        plot.Axes.Bottom.SetTicks(
            [.. powers.Select(power => (double)power)],
            [.. powers.Select(power => string.Create(CultureInfo.InvariantCulture, $"1e{power}"))]);
        return new Figure(PanelWidth, PanelHeight, plot);
    }

    private static Plot Panel(string title, string across, string up)
    {
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel(across);
        plot.YLabel(up);
        return plot;
    }

    private static ScottPlot.Plottables.Scatter Line(
        Plot plot, double[] x, double[] y, string? name, Color? color = null, bool markers = true)
    {
        // What is no number is a gap.
        ScottPlot.Plottables.Scatter line = plot.Add.Scatter(x, y, color ?? (name is null ? s_first : null));
        if (name == "validation")
            line.Color = s_second;
        line.LineWidth = 2;
        line.MarkerSize = markers && x.Length <= 60 ? 5 : 0;
        if (name is not null)
        {
            line.LegendText = name;
            // Losses fall, and most metrics rise: where the curves end there is no room.
            plot.ShowLegend(name.StartsWith("training", StringComparison.Ordinal) || name.StartsWith("validation", StringComparison.Ordinal)
                ? Alignment.UpperRight : Alignment.LowerRight);
        }
        return line;
    }

    // From white to the blue of curves.
    private static Color Shade(double share) => new(
        (byte)Math.Round(255 + share * (s_first.R - 255)), (byte)Math.Round(255 + share * (s_first.G - 255)),
        (byte)Math.Round(255 + share * (s_first.B - 255)));
}
