// The elements of BPMN 2.0 in short; written by scripts/bpmn-metamodel.mjs, which says what the signs mean.
// prettier-ignore
export const METAMODEL = `Interface<RootElement operations*
Operation<BaseElement inMessageRef& outMessageRef& errorRef&*
EndPoint<RootElement
Auditing<BaseElement
GlobalTask<CallableElement resources*ResourceRole
Monitoring<BaseElement
Performer<ResourceRole
Process<FlowElementsContainer<CallableElement isClosed? auditing: monitoring: properties*Property artifacts* resources*ResourceRole correlationSubscriptions* supports&* definitionalCollaborationRef& isExecutable?
LaneSet<BaseElement lanes*
Lane<BaseElement partitionElementRef& flowNodeRef&* childLaneSet:LaneSet
GlobalManualTask<GlobalTask
ManualTask<Task
UserTask<Task renderings*
Rendering<BaseElement
HumanPerformer<Performer
PotentialOwner<HumanPerformer
GlobalUserTask<GlobalTask renderings*
Gateway<FlowNode gatewayDirection=Unspecified
EventBasedGateway<Gateway instantiate?- eventGatewayType=Exclusive
ComplexGateway<Gateway activationCondition:FormalExpression default&
ExclusiveGateway<Gateway default&
InclusiveGateway<Gateway default&
ParallelGateway<Gateway
RootElement<BaseElement
Relationship<BaseElement source&* target&*
BaseElement documentation*Documentation extensionDefinitions&* extensionElements:
Extension mustUnderstand?- definition&
ExtensionDefinition extensionAttributeDefinitions*
ExtensionAttributeDefinition isReference?- extensionDefinition&
ExtensionElements valueRef& values*Element extensionAttributeDefinition&
Documentation<BaseElement text! textFormat=text/plain
Event<FlowNode<InteractionNode properties*Property
IntermediateCatchEvent<CatchEvent
IntermediateThrowEvent<ThrowEvent
EndEvent<ThrowEvent
StartEvent<CatchEvent isInterrupting?+
ThrowEvent<Event dataInputs* dataInputAssociations* inputSet: eventDefinitions* eventDefinitionRef&*
CatchEvent<Event parallelMultiple?- dataOutputs* dataOutputAssociations* outputSet: eventDefinitions* eventDefinitionRef&*
BoundaryEvent<CatchEvent cancelActivity?+ attachedToRef&
EventDefinition<RootElement
CancelEventDefinition<EventDefinition
ErrorEventDefinition<EventDefinition errorRef&
TerminateEventDefinition<EventDefinition
EscalationEventDefinition<EventDefinition escalationRef&
Escalation<RootElement structureRef&
CompensateEventDefinition<EventDefinition waitForCompletion?+ activityRef&
TimerEventDefinition<EventDefinition timeDate:FormalExpression timeCycle:FormalExpression timeDuration:FormalExpression
LinkEventDefinition<EventDefinition target& source&*
MessageEventDefinition<EventDefinition messageRef& operationRef&
ConditionalEventDefinition<EventDefinition condition:FormalExpression
SignalEventDefinition<EventDefinition signalRef&
Signal<RootElement structureRef&
ImplicitThrowEvent<ThrowEvent
DataState<BaseElement
ItemAwareElement<BaseElement itemSubjectRef& dataState:
DataAssociation<BaseElement sourceRef&* targetRef& transformation:FormalExpression assignment*Assignment
DataInput<ItemAwareElement isCollection?-
DataOutput<ItemAwareElement isCollection?-
InputSet<BaseElement dataInputRefs&* optionalInputRefs&* whileExecutingInputRefs&* outputSetRefs&*
OutputSet<BaseElement dataOutputRefs&* inputSetRefs&* optionalOutputRefs&* whileExecutingOutputRefs&*
Property<ItemAwareElement
DataInputAssociation<DataAssociation
DataOutputAssociation<DataAssociation
InputOutputSpecification<BaseElement dataInputs* dataOutputs* inputSets* outputSets*
DataObject<FlowElement<ItemAwareElement isCollection?-
InputOutputBinding inputDataRef& outputDataRef& operationRef&
Assignment<BaseElement from:FormalExpression to:FormalExpression
DataStore<RootElement<ItemAwareElement capacity# isUnlimited?+
DataStoreReference<ItemAwareElement<FlowElement dataStoreRef&
DataObjectReference<ItemAwareElement<FlowElement dataObjectRef&
ConversationLink<BaseElement sourceRef& targetRef&
ConversationAssociation<BaseElement innerConversationNodeRef& outerConversationNodeRef&
CallConversation<ConversationNode calledCollaborationRef& participantAssociations*
Conversation<ConversationNode
SubConversation<ConversationNode conversationNodes*
ConversationNode<InteractionNode<BaseElement participantRef&* messageFlowRefs&* correlationKeys*
GlobalConversation<Collaboration
PartnerEntity<RootElement participantRef&*
PartnerRole<RootElement participantRef&*
CorrelationProperty<RootElement correlationPropertyRetrievalExpression*CorrelationPropertyRetrievalExpression type&
Error<RootElement structureRef&
CorrelationKey<BaseElement correlationPropertyRef&*
Expression<BaseElement body!
FormalExpression<Expression evaluatesToTypeRef&
Message<RootElement itemRef&
ItemDefinition<RootElement isCollection?- import&
FlowElement<BaseElement auditing: monitoring: categoryValueRef&*
SequenceFlow<FlowElement isImmediate? conditionExpression:FormalExpression sourceRef& targetRef&
FlowElementsContainer<BaseElement laneSets* flowElements*
CallableElement<RootElement ioSpecification:InputOutputSpecification supportedInterfaceRef&* ioBinding*InputOutputBinding
FlowNode<FlowElement incoming&* outgoing&*
CorrelationPropertyRetrievalExpression<BaseElement messagePath:FormalExpression messageRef&
CorrelationPropertyBinding<BaseElement dataPath:FormalExpression correlationPropertyRef&
Resource<RootElement resourceParameters*
ResourceParameter<BaseElement isRequired? type&
CorrelationSubscription<BaseElement correlationKeyRef& correlationPropertyBinding*CorrelationPropertyBinding
MessageFlow<BaseElement sourceRef& targetRef& messageRef&
MessageFlowAssociation<BaseElement innerMessageFlowRef& outerMessageFlowRef&
InteractionNode
Participant<InteractionNode<BaseElement interfaceRef&* participantMultiplicity: endPointRefs&* processRef&
ParticipantAssociation<BaseElement innerParticipantRef& outerParticipantRef&
ParticipantMultiplicity<BaseElement minimum#0 maximum#1
Collaboration<RootElement isClosed? participants* messageFlows* artifacts* conversations*ConversationNode conversationAssociations:ConversationAssociation participantAssociations* messageFlowAssociations* correlationKeys* choreographyRef&* conversationLinks*
ChoreographyActivity<FlowNode participantRef&* initiatingParticipantRef& correlationKeys* loopType=None
CallChoreography<ChoreographyActivity calledChoreographyRef& participantAssociations*
SubChoreography<ChoreographyActivity<FlowElementsContainer artifacts*
ChoreographyTask<ChoreographyActivity messageFlowRef&*
Choreography<Collaboration<FlowElementsContainer
GlobalChoreographyTask<Choreography initiatingParticipantRef&
TextAnnotation<Artifact text$ textFormat=text/plain
Group<Artifact categoryValueRef&
Association<Artifact sourceRef& targetRef&
Category<RootElement categoryValue*CategoryValue
Artifact<BaseElement
CategoryValue<BaseElement
Activity<FlowNode isForCompensation?- default& ioSpecification:InputOutputSpecification boundaryEventRefs&* properties*Property dataInputAssociations* dataOutputAssociations* startQuantity#1 resources*ResourceRole completionQuantity#1 loopCharacteristics:
ServiceTask<Task operationRef&
SubProcess<Activity<FlowElementsContainer<InteractionNode triggeredByEvent?- artifacts*
LoopCharacteristics<BaseElement
MultiInstanceLoopCharacteristics<LoopCharacteristics isSequential?- behavior=All loopCardinality:FormalExpression loopDataInputRef& loopDataOutputRef& inputDataItem:DataInput outputDataItem:DataOutput complexBehaviorDefinition*ComplexBehaviorDefinition completionCondition:FormalExpression oneBehaviorEventRef& noneBehaviorEventRef&
StandardLoopCharacteristics<LoopCharacteristics testBefore?- loopCondition:FormalExpression loopMaximum#
CallActivity<Activity<InteractionNode
Task<Activity<InteractionNode
SendTask<Task operationRef& messageRef&
ReceiveTask<Task instantiate?- operationRef& messageRef&
ScriptTask<Task script$
BusinessRuleTask<Task
AdHocSubProcess<SubProcess completionCondition:FormalExpression cancelRemainingInstances?+
Transaction<SubProcess
GlobalScriptTask<GlobalTask script$
GlobalBusinessRuleTask<GlobalTask
ComplexBehaviorDefinition<BaseElement condition:FormalExpression event:ImplicitThrowEvent
ResourceRole<BaseElement resourceRef& resourceParameterBindings* resourceAssignmentExpression:
ResourceParameterBinding<BaseElement expression:FormalExpression parameterRef&
ResourceAssignmentExpression<BaseElement expression:FormalExpression
Import
Definitions<BaseElement imports* extensions* rootElements* diagrams*bpmndi:BPMNDiagram relationships*`;
