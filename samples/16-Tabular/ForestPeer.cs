using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>Boosted trees of ML.NET (FastTree) on the same rows: the settings are those that do best on the validation rows.</summary>
internal static class ForestPeer
{
    /// <summary>What is tried: numbers of trees, leaves of each, and learning rates.</summary>
    private static readonly (int Trees, int Leaves, double Rate)[] Settings =
    [
        .. from trees in (int[])[500, 1500] from leaves in (int[])[20, 50, 100] from rate in (double[])[0.05, 0.1]
           select (trees, leaves, rate),
    ];

    /// <summary>Trains with each of the settings, and tests the one that is best on the validation rows.</summary>
    /// <returns>R² of the test rows, and the settings.</returns>
    public static (double R2, string Settings) Run(GridData data, ulong seed, int threads, CancellationToken interrupted)
    {
        var context = new MLContext((int)(seed % int.MaxValue));
        IDataView train = View(context, data.Train), validation = View(context, data.Validation), test = View(context, data.Test);
        (double Best, ITransformer? Model, string Text) best = (double.NegativeInfinity, null, "");
        foreach ((int trees, int leaves, double rate) in Settings)
        {
            interrupted.ThrowIfCancellationRequested();
            var options = new FastTreeRegressionTrainer.Options
            {
                NumberOfTrees = trees,
                NumberOfLeaves = leaves,
                LearningRate = rate,
                MinimumExampleCountPerLeaf = 10,
                NumberOfThreads = threads > 0 ? threads : Environment.ProcessorCount,
                Seed = (int)(seed % int.MaxValue),
            };
            ITransformer model = context.Regression.Trainers.FastTree(options).Fit(train);
            double r2 = Score(model, validation, data.Validation);
            string text = string.Create(CultureInfo.InvariantCulture, $"{trees} trees of {leaves} leaves, rate {rate}");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  FastTree, {text}: validation R² {r2:F4}"));
            if (r2 > best.Best)
                best = (r2, model, text);
        }

        return (Score(best.Model!, test, data.Test), best.Text);
    }

    private static double Score(ITransformer model, IDataView rows, TableSamples samples)
        => GridData.R2(samples, [.. model.Transform(rows).GetColumn<float>("Score")]);

    private static IDataView View(MLContext context, TableSamples samples) => context.Data.LoadFromEnumerable(
        Enumerable.Range(0, samples.Count).Select(i => new Row
        {
            Label = samples.Values[i],
            Features = samples.Features[(i * StabilityNet.Columns)..((i + 1) * StabilityNet.Columns)],
        }).ToArray());

    /// <summary>A row as ML.NET takes it.</summary>
    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(StabilityNet.Columns)]
        public float[] Features { get; set; } = [];
    }
}
