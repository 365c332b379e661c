namespace NetGen;

/// <summary>
/// Softmax cross entropy over logits, PyTorch's <c>CrossEntropyLoss</c> with class indices and mean reduction: the mean over
/// the samples of −log softmax(output)[label]. The network's output must be a vector, one logit for each class.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class CrossEntropyLossAttribute : LossAttribute;
