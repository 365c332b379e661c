namespace NetGen;

/// <summary>Mean squared error, PyTorch's <c>MSELoss</c>: the mean over samples and elements of (output − target)².</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class MSELossAttribute : LossAttribute;
