using NetGen.Conformance.Tests.Model;
using NetGen.Conformance.Tests.Reference;

namespace NetGen.Conformance.Tests.Losses;

/// <summary>One element's loss, its first and second derivative, and the rounding in the first two.</summary>
internal readonly record struct ElementLoss(double Loss, double Slope, double Curvature, double Rounding, double SlopeRounding);

/// <summary>A loss that is a sum over elements.</summary>
internal abstract record ElementwiseLoss(LossReduction Reduction) : Loss(Reduction)
{
    /// <param name="error">Error of the difference, for decisions that hang on it.</param>
    protected abstract ElementLoss Element(double y, double t, int channel, double error);

    protected sealed override SampleLoss OfSample(Shape output, Estimate y, ReadOnlySpan<float> values, int label)
    {
        int n = y.Length;
        var gradient = new Estimate(n);
        double loss = 0, error = 0, magnitude = 0;
        for (int i = 0; i < n; i++)
        {
            double own = Estimate.Hypotenuse(y.Errors[i], Estimate.Unit * Math.Abs(y.Values[i] - values[i]));
            ElementLoss e = Element(y.Values[i], values[i], i / output.Plane, own);
            loss += e.Loss;
            magnitude += Math.Abs(e.Loss);
            error += Math.Abs(e.Slope) * own + e.Rounding;
            gradient.Values[i] = e.Slope;
            gradient.Errors[i] = e.Curvature * own + e.SlopeRounding + 4 * Estimate.Unit * Math.Abs(e.Slope);
        }
        return new SampleLoss(loss, error + Estimate.Rounding(n, magnitude), gradient, Reduction == LossReduction.Mean ? n : 1);
    }

    protected static double Sign(double difference) => double.IsNaN(difference) ? difference : Math.Sign(difference);
}
